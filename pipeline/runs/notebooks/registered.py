"""What papermill is told of the engine: a name for it that loads nothing until a notebook is run with it.

papermill loads the engines of every installed package when it is imported, for whatever reason that is.
"""

from typing import Any


class Registered:
    """Stands for `engine.ForkEngine`; has what papermill asks of an engine."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Run a notebook; see `engine.ForkEngine.execute_managed_notebook`.

        Raises `ParametersRefused` before any cell has run, see `injected.check_injected`.
        """
        from pipeline.runs.notebooks.injected import check_injected

        check_injected(nb)
        return _engine().execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """Return the name of the kernel that a notebook asks for."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """Return the language of a notebook."""
        return _engine().nb_language(nb, language)


def _engine() -> Any:
    from pipeline.runs.notebooks.engine import ForkEngine

    return ForkEngine
