"""Data about data: what the workbooks, tables, metrics and rules are. No logic but the loader."""

from pipeline.catalog.loader import load_catalog
from pipeline.catalog.records import (
    Catalog,
    CatalogError,
    Category,
    Column,
    Group,
    Kind,
    Measure,
    Metric,
    Rule,
    Table,
    Unit,
)

__all__ = [
    "Catalog",
    "CatalogError",
    "Category",
    "Column",
    "Group",
    "Kind",
    "Measure",
    "Metric",
    "Rule",
    "Table",
    "Unit",
    "load_catalog",
]
