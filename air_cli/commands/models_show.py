"""What `air models show` tells of a model, out of the head of its file."""

from __future__ import annotations

from pathlib import Path

from air_cli.errors import UsageError
from air_cli.gguf import Head
from air_cli.models import Store, check_pair, head_of, sha256_of
from air_cli.settings import is_model_name

GIB = 2**30


def described(store: Store, name: str, mmproj: Path | None, n_ctx: int, *, verify: bool) -> str:
    """A line for each fact. Raises `UsageError` for what is no model, and with `verify` for files
    that are not what they were."""
    lines: list[tuple[str, str]] = []
    if is_model_name(name):
        stored = store.get(name)
        model, eyes = store.paths(stored)
        origin = f"{stored.repo} at {stored.revision[:12]}" if stored.repo else "added"
        lines += [("name", name), ("origin", origin)]
        lines += [("licence", stored.licence)] if stored.licence else []
        sums = dict(stored.files)
    else:
        model, eyes, sums = Path(name), None, {}
    eyes = mmproj or eyes
    head = head_of(model)
    lines += [("file", f"{model}, {head.size / GIB:.2f} GiB"), *_facts(head, n_ctx)]
    lines.append(("template", _template(head)))
    if head.architecture != "clip":
        lines.append(("projector", _pair(model, eyes)))
    lines += [("sha256", _sum(path, sums, verify)) for path in filter(None, (model, eyes))]
    width = max(len(word) for word, _ in lines) + 2
    return "".join(f"{word:<{width}}{text}\n" for word, text in lines)


def _facts(head: Head, n_ctx: int) -> list[tuple[str, str]]:
    about = head.metadata
    trained, layers = head.number("context_length"), head.number("block_count")
    facts = [("model", f"{about.get('general.name', '?')} ({head.architecture or '?'})")]
    if about.get("general.license"):
        facts.append(("its licence", str(about["general.license"])[:200]))
    if layers and head.kv_bytes:
        used = min(n_ctx, trained or n_ctx)
        cache = layers * head.kv_bytes * used
        whole = (head.size + cache) / GIB
        facts += [
            (
                "layers",
                f"{layers}, {sum(head.layers.values()) / max(1, layers) / 2**20:.0f} MiB each",
            ),
            (
                "context",
                f"{trained:,} tokens trained, {used:,} used: {cache / GIB:.2f} GiB of cache",
            ),
            ("memory", f"about {whole:.1f} GiB, without projector and working space"),
        ]
    if head.unsized:
        facts.append(("note", f"{head.unsized} tensors of types that are not known here"))
    return facts


def _template(head: Head) -> str:
    """Whether the chat template, which is untrusted, renders a conversation in the sandbox."""
    template = head.metadata.get("tokenizer.chat_template")
    if not isinstance(template, str) or not template:
        return "none: ChatML, or plain roles"
    try:
        from air_cli.reasoners.llama_prompt import Said, TemplateFailed, pieces
    except ImportError:
        return f"{len(template)} characters; pip install 'air-cli[llama]' to try it"
    talk = [Said("system", "S"), Said("user", "U"), Said("assistant", "A"), Said("user", "V")]
    try:
        pieces(template, talk)
    except TemplateFailed as error:
        return f"unusable: {error}"
    return f"{len(template)} characters, renders a conversation"


def _pair(model: Path, eyes: Path | None) -> str:
    return check_pair(model, eyes)


def _sum(path: Path, sums: dict[str, str], verify: bool) -> str:
    recorded = sums.get(path.name, "")
    if not verify:
        return f"{recorded or 'not recorded; --verify computes it'}  {path.name}"
    found = sha256_of(path)
    if recorded and found != recorded:
        raise UsageError(f"{path}: its sha256 is {found}, it was {recorded}: pull or add it again")
    return f"{found}  {path.name}{', as recorded' if recorded else ''}"
