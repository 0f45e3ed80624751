"""Real, tiny GGUF files of random weights: text models and multimodal projectors.

A byte-level BPE tokenizer without merges (one token a byte) and a ChatML template; the numbers
come from a seed, so a file is the same every time.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

EMBED = 64
HEADS = 4
FEED = 96
LAYERS = 2
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>")
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)

Array = NDArray[np.float32]


class Dice:
    """Random tensors of a seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def tensor(self, *shape: int, scale: float = 0.2) -> Array:
        """Normal numbers; the shape is rows first, as numpy has it."""
        return (self._rng.standard_normal(shape) * scale).astype(np.float32)


def byte_tokens() -> list[str]:
    """The 256 bytes in the printable disguise of GPT-2's tokenizer."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    chars = {byte: chr(byte) for byte in plain}
    chars |= {byte: chr(256 + i) for i, byte in enumerate(others)}
    return [chars[byte] for byte in range(256)]


def write_text(
    path: Path,
    *,
    arch: str = "qwen2",
    seed: int = 0,
    template: str | None = TEMPLATE,
    context: int = 16384,
) -> Path:
    """A text model of `arch` (llama, qwen2, qwen2vl), 2 layers of width 64, which claims to be
    trained for a `context`."""
    writer = gguf.GGUFWriter(str(path), arch)
    writer.add_name(f"tiny-{arch}")
    writer.add_context_length(context)
    writer.add_embedding_length(EMBED)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    if arch == "llama":
        writer.add_rope_dimension_count(EMBED // HEADS)
    if arch == "qwen2vl":
        writer.add_rope_dimension_sections([2, 3, 3, 0])
    _add_tokenizer(writer, template)
    _add_text_tensors(writer, arch, Dice(seed))
    return _finish(writer, path)


def _add_tokenizer(writer: gguf.GGUFWriter, template: str | None) -> None:
    tokens = [*byte_tokens(), *SPECIAL]
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(SPECIAL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    # llama.cpp wants a list of merges; this one joins two letters that no byte is.
    writer.add_token_merges(["\u0100 \u0101"])
    writer.add_eos_token_id(258)
    writer.add_pad_token_id(256)
    writer.add_add_bos_token(False)
    if template is not None:
        writer.add_chat_template(template)


def _add_text_tensors(writer: gguf.GGUFWriter, arch: str, dice: Dice) -> None:
    vocabulary, kv = 256 + len(SPECIAL), EMBED // HEADS * 2
    writer.add_tensor("token_embd.weight", dice.tensor(vocabulary, EMBED))
    writer.add_tensor("output_norm.weight", np.ones(EMBED, np.float32))
    writer.add_tensor("output.weight", dice.tensor(vocabulary, EMBED, scale=0.5))
    for n in range(LAYERS):
        block = f"blk.{n}."
        writer.add_tensor(block + "attn_norm.weight", np.ones(EMBED, np.float32))
        writer.add_tensor(block + "ffn_norm.weight", np.ones(EMBED, np.float32))
        for name, rows in (("attn_q", EMBED), ("attn_k", kv), ("attn_v", kv)):
            writer.add_tensor(f"{block}{name}.weight", dice.tensor(rows, EMBED))
            if arch != "llama":
                writer.add_tensor(f"{block}{name}.bias", dice.tensor(rows))
        writer.add_tensor(block + "attn_output.weight", dice.tensor(EMBED, EMBED))
        writer.add_tensor(block + "ffn_gate.weight", dice.tensor(FEED, EMBED))
        writer.add_tensor(block + "ffn_up.weight", dice.tensor(FEED, EMBED))
        writer.add_tensor(block + "ffn_down.weight", dice.tensor(EMBED, FEED))


def write_projector(path: Path, *, kind: str = "mlp", seed: int = 1) -> Path:
    """A vision encoder with a projector of `kind`: mlp (LLaVA), gemma3, qwen2vl_merger."""
    writer = gguf.GGUFWriter(str(path), "clip")
    size, patch = 56, 14
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", kind)
    writer.add_uint32("clip.vision.image_size", size)
    writer.add_uint32("clip.vision.patch_size", patch)
    writer.add_uint32("clip.vision.embedding_length", EMBED)
    writer.add_uint32("clip.vision.feed_forward_length", FEED)
    writer.add_uint32("clip.vision.projection_dim", EMBED)
    writer.add_uint32("clip.vision.block_count", LAYERS)
    writer.add_uint32("clip.vision.attention.head_count", HEADS)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    writer.add_bool("clip.use_gelu", True)
    dice = Dice(seed)
    _add_encoder(writer, kind, dice, (size // patch) ** 2, patch)
    _add_projector(writer, kind, dice)
    return _finish(writer, path)


def _add_encoder(writer: gguf.GGUFWriter, kind: str, dice: Dice, patches: int, patch: int) -> None:
    writer.add_tensor("v.patch_embd.weight", dice.tensor(EMBED, 3, patch, patch, scale=0.1))
    if kind == "qwen2vl_merger":
        weight = dice.tensor(EMBED, 3, patch, patch, scale=0.1)
        writer.add_tensor("v.patch_embd.weight.1", weight)
    else:
        if kind == "mlp":
            writer.add_tensor("v.class_embd", dice.tensor(EMBED))
            _add_norm(writer, "v.pre_ln")
        else:
            writer.add_tensor("v.patch_embd.bias", dice.tensor(EMBED))
        rows = patches + (kind == "mlp")
        writer.add_tensor("v.position_embd.weight", dice.tensor(rows, EMBED))
    for n in range(LAYERS):
        block = f"v.blk.{n}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            writer.add_tensor(f"{block}{name}.weight", dice.tensor(EMBED, EMBED))
            writer.add_tensor(f"{block}{name}.bias", dice.tensor(EMBED))
        _add_norm(writer, block + "ln1")
        _add_norm(writer, block + "ln2")
        writer.add_tensor(block + "ffn_up.weight", dice.tensor(FEED, EMBED))
        writer.add_tensor(block + "ffn_up.bias", dice.tensor(FEED))
        writer.add_tensor(block + "ffn_down.weight", dice.tensor(EMBED, FEED))
        writer.add_tensor(block + "ffn_down.bias", dice.tensor(EMBED))
    _add_norm(writer, "v.post_ln")


def _add_norm(writer: gguf.GGUFWriter, name: str) -> None:
    writer.add_tensor(f"{name}.weight", np.ones(EMBED, np.float32))
    writer.add_tensor(f"{name}.bias", np.zeros(EMBED, np.float32))


def _add_projector(writer: gguf.GGUFWriter, kind: str, dice: Dice) -> None:
    if kind == "gemma3":
        writer.add_uint32("clip.vision.projector.scale_factor", 2)
        writer.add_tensor("mm.input_projection.weight", dice.tensor(EMBED, EMBED))
        writer.add_tensor("mm.soft_emb_norm.weight", np.ones(EMBED, np.float32))
        return
    wide = EMBED * 4 if kind == "qwen2vl_merger" else EMBED
    writer.add_tensor("mm.0.weight", dice.tensor(wide, wide))
    writer.add_tensor("mm.0.bias", dice.tensor(wide))
    writer.add_tensor("mm.2.weight", dice.tensor(EMBED, wide))
    writer.add_tensor("mm.2.bias", dice.tensor(EMBED))


def _finish(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
