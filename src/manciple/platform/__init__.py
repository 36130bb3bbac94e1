"""What any service needs; knows no groceries."""
