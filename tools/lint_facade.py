"""Contract for import-linter: a module of the product is imported by its package, never by its files."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacadeContract(Contract):
    """`from kassa.core import ledger` is allowed, `from kassa.core.ledger.service import post` is not."""

    containers = fields.ListField(subfield=fields.StringField())
    composition_roots = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import that reaches inside a module of one of the containers."""
        broken = [
            (importer, imported)
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._reaches_inside(importer, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def _reaches_inside(self, importer: str, imported: str) -> bool:
        owner = self._module_of(imported)
        if owner is None or imported == owner:
            return False
        roots: Any = self.composition_roots
        return not any(importer == name or importer.startswith(name + ".") for name in (owner, *roots))

    def _module_of(self, name: str) -> str | None:
        containers: Any = self.containers
        for container in containers:
            if name.startswith(container + "."):
                return f"{container}.{name.removeprefix(container + '.').split('.')[0]}"
        return None

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say what to import instead."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}: import {self._module_of(imported)} instead")
