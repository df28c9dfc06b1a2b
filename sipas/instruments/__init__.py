"""The shipped questionnaires, one TOML file a survey and year; the year lives only here."""
