"""Meetings with a work topic, the metric that each topic aims at, and what was decided on it in the month."""

from collections.abc import Iterable

import pandas as pd

from pipeline.catalog import Catalog, Topic
from pipeline.ingest.bureau import Reading
from pipeline.ingest.schema import to_dictionary
from pipeline.ingest.wordforms import compact
from pipeline.points import expressions
from pipeline.points.measures import KEY, LINEAGE, covered_rows

TOPIC_SESSIONS = "topic_sessions"  # the measure that counts such meetings; its filter says which they are


def list_topic_meetings(reading: Reading, catalog: Catalog, last_day: pd.Timestamp) -> pd.DataFrame:
    """Return ``topic_meetings`` up to ``last_day``: a row per meeting and topic, in order of time.

    A topic that the catalog does not know stands as it was written, without a metric; so does a metric that the group
    does not own. Decisions are those of the group on the same topic in the calendar month of the meeting, due and on
    time as of ``last_day``; they are missing where no ledger of decisions covers the month.
    """
    measure = catalog.measures[TOPIC_SESSIONS]
    activities = reading.tables[measure.table]
    chosen = activities[expressions.matches(activities, measure.filter) & (activities["held_on"] <= last_day)]
    table = _by_topic(chosen[["party_group", "held_on", "topic", *LINEAGE]], catalog.topics)
    table["month"] = table["held_on"].dt.to_period("M")
    metrics = {topic.topic: topic.metric for topic in catalog.topics}
    table["metric"] = [
        metric if metric and reading.bureau.owns(group, metric) else None
        for group, metric in zip(table["party_group"], table["topic"].map(metrics).fillna(""), strict=True)
    ]
    table = table.merge(_count_decisions(reading, catalog, last_day), on=[*KEY, "topic"], how="left")
    counts = ["decision_count", "due_count", "on_time_count"]
    is_covered = covered_rows(reading, catalog, table, ["decisions"])["decisions"]
    table[counts] = table[counts].fillna(0).where(is_covered)
    table = table.sort_values(["held_on", "party_group", "source_row"], kind="stable", ignore_index=True)
    return to_dictionary(table, "topic_meetings", catalog)


def find_topics(text: str, topics: Iterable[Topic]) -> tuple[str, ...]:
    """Return the topics that a text names, by the longest words first: what one topic has taken is not read again.

    经营大户治理 is one topic although 大户治理 stands in it; 节日营销、新品上柜 are two.
    """
    rest = compact(text)
    words = sorted(((compact(word), topic.topic) for topic in topics for word in topic.words), key=lambda e: -len(e[0]))
    places = []
    for word, topic in words:
        if word in rest:
            places.append((rest.index(word), topic))
            rest = rest.replace(word, "\0" * len(word))
    return tuple(dict.fromkeys(topic for _, topic in sorted(places)))


def _by_topic(rows: pd.DataFrame, topics: tuple[Topic, ...]) -> pd.DataFrame:
    """Return a row for each topic that a row's text names; one with the text itself where it names none."""
    named = {text: list(find_topics(text, topics)) or [text.strip()] for text in rows["topic"].dropna().unique()}
    found = rows[rows["topic"].notna()]
    listed = found.assign(topic=found["topic"].map(named)).explode("topic", ignore_index=True)
    return listed.astype({"topic": "object"})


def _count_decisions(reading: Reading, catalog: Catalog, last_day: pd.Timestamp) -> pd.DataFrame:
    """Return decision_count, due_count and on_time_count by group, month of the decision and topic."""
    decisions = reading.tables["decisions"]
    columns = ["party_group", "decided_on", "due_on", "closed_on", "topic"]
    rows = _by_topic(decisions.loc[decisions["decided_on"] <= last_day, columns], catalog.topics)
    rows["month"] = rows["decided_on"].dt.to_period("M")
    rows["is_due"] = rows["due_on"] <= last_day
    rows["is_on_time"] = rows["is_due"] & (rows["closed_on"] <= rows["due_on"])
    grouped = rows.groupby([*KEY, "topic"])
    found = {
        "decision_count": grouped.size(),
        "due_count": grouped["is_due"].sum(),
        "on_time_count": grouped["is_on_time"].sum(),
    }
    return pd.DataFrame(found).reset_index()
