"""Why a correlation could not be judged: the short codes that stand in a ``reason``, each named once here."""

TOO_FEW_MONTHS = "too_few_months"
TOO_FEW_ROWS = "too_few_rows"
ONE_GROUP = "one_group"
ALL_MISSING = "all_missing"
CONSTANT = "constant"
INFINITE_VALUES = "infinite_values"
DUPLICATE_MONTHS = "duplicate_months"
COUPLED = "coupled"
DROPPED_MONTH = "dropped_month"  # judged, but one month carries the result

REASONS = (
    TOO_FEW_MONTHS,
    TOO_FEW_ROWS,
    ONE_GROUP,
    ALL_MISSING,
    CONSTANT,
    INFINITE_VALUES,
    DUPLICATE_MONTHS,
    COUPLED,
    DROPPED_MONTH,
)
