"""The page people use: plain files, served by the API door."""
