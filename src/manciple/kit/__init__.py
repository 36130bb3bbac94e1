"""What any code needs; knows nothing of ours."""
