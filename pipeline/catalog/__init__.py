"""Data about data: what the workbooks, tables, metrics and rules are. No logic but the loader."""

from pipeline.catalog.contents import Catalog
from pipeline.catalog.loader import load_catalog, read_catalog
from pipeline.catalog.records import (
    CatalogError,
    Category,
    Column,
    Group,
    Kind,
    Matter,
    Measure,
    Metric,
    RowLimit,
    RowRatio,
    RowSum,
    Rule,
    Table,
    TemplateColumn,
    Term,
    Topic,
    Unit,
    Wording,
)

__all__ = [
    "Catalog",
    "CatalogError",
    "Category",
    "Column",
    "Group",
    "Kind",
    "Matter",
    "Measure",
    "Metric",
    "RowLimit",
    "RowRatio",
    "RowSum",
    "Rule",
    "Table",
    "TemplateColumn",
    "Term",
    "Topic",
    "Unit",
    "Wording",
    "load_catalog",
    "read_catalog",
]
