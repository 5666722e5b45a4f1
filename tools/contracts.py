"""Our own import-linter contract: hot loops import nothing that could make them impure."""

from grimp import DetailedImport, ImportGraph
from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck

_FOLDER = "kernels"


class KernelsContract(Contract):
    """Modules in a ``kernels`` folder import only `allowed` and their own folder.

    A house without kernels keeps the contract.
    """

    type_name = "kernels"

    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 (import-linter's signature)
        """Gather every import of a kernel that is not allowed."""
        breaches = [
            detail
            for module in sorted(graph.modules)
            if (folder := find_folder(module))
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not any(_is_within(imported, package) for package in (folder, *self._list_allowed()))
            for detail in graph.get_import_details(importer=module, imported=imported)
        ]
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print file position and the import of every breach."""
        breaches: list[DetailedImport] = check.metadata["breaches"]
        for breach in breaches:
            place = f"{breach['importer']}:{breach['line_number']}"
            output.print_error(f"{place}: {breach['line_contents'].strip()}", bold=False)
        output.print_error(f"A kernel imports only {', '.join(self._list_allowed())} and its own folder.")

    def _list_allowed(self) -> list[str]:
        return [str(item) for item in self.allowed]  # type: ignore[attr-defined]  # set by import-linter from the field


def find_folder(module: str) -> str | None:
    """Dotted name of the ``kernels`` package that ``module`` is or lives in, if any."""
    parts = module.split(".")
    return ".".join(parts[: parts.index(_FOLDER) + 1]) if _FOLDER in parts else None


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
