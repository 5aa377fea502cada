"""The secretary's page, with names, for nobody else."""
