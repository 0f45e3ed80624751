"""Random GGUFs of a size at which arithmetic, not Python, takes the time."""

from __future__ import annotations

from pathlib import Path

from tests.llm import tiny_gguf

# ChatML that takes texts and lists of parts, as the library's handler gives them.
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}{% if m['content'] is string %}"
    "{{ m['content'] }}{% else %}{% for p in m['content'] %}{% if p['type'] == 'text' %}"
    "{{ p['text'] }}{% else %}{{ p['image_url']['url'] if p['image_url'] is mapping else "
    "p['image_url'] }}{% endif %}{% endfor %}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def write_pair(folder: Path, width: int = 512, layers: int = 8) -> tuple[Path, Path]:
    """A qwen2vl model of random weights and its projector (512 and 8: some 30 million)."""
    old = tiny_gguf.EMBED, tiny_gguf.FEED, tiny_gguf.LAYERS
    tiny_gguf.EMBED, tiny_gguf.FEED, tiny_gguf.LAYERS = width, 3 * width, layers
    try:
        model = tiny_gguf.write_text(
            folder / f"text-{width}.gguf", arch="qwen2vl", template=TEMPLATE
        )
        eyes = tiny_gguf.write_projector(folder / f"eyes-{width}.gguf", kind="qwen2vl_merger")
    finally:
        tiny_gguf.EMBED, tiny_gguf.FEED, tiny_gguf.LAYERS = old
    return model, eyes
