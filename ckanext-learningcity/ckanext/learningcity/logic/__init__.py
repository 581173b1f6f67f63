"""Actions, authorization, schemas and validators."""
