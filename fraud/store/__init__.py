"""The application's database: the one room that speaks SQL."""
