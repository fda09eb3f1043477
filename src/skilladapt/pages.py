"""Pages that need nothing else: one HTML file with its own styles and scripts, whose policy lets nothing else in.

Whatever foreign text a page shows is escaped by the template engine, everywhere and always; the policy is the
second line of defence, and names our own parts by their hashes. What a page is about, this module does not know.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def page_environment(package: str, shown: Callable[[Any], Any] | None = None) -> Environment:
    """What fills in the templates of a package: it escapes everything, and a forgotten value is an error.

    Every value goes through `shown` first.
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )


def own_text(environment: Environment, name: str) -> Markup:
    """A file of ours, to be put into the page as it is; never anything foreign."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def policy_of(style: str, scripts: Sequence[str]) -> str:
    """The policy of a page with these parts of ours and no others: no request, no frame, no form."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {_named(style)}",
            f"script-src {' '.join(_named(script) for script in scripts)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _named(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
