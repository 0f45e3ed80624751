"""A real GGUF whose weights were constructed, not trained: it reads a question and writes code.

One layer. Every token has a dimension of its own, so the output matrix is a table of which token
may follow which. Attention is uniform over all positions and carries the phrases that occur in the
prompt into a few further dimensions (a bag of phrases), which decide between the lines of code
that may follow. Phrases and lines are user-defined tokens, which the tokenizer takes whole.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

from tests.llm.tiny_gguf import SPECIAL, TEMPLATE, byte_tokens

HEADS = 4
FOLLOWS = 1e4
GAIN = 100.0
THINK = "<think>Look the values up and compute.</think>\n"
OPEN, CLOSE, END = "<code>\n", "</code>", "<|im_end|>"
RAN = "The code ran."
RESOLVE = "Resolve it"
CLAIM = "answer(99.25, unit=chart.unit, evidence=[chart.points.items[0]])\n"
MEASURED = CLAIM.replace("99.25", "chart.points.items[0].value")

# What is asked (a phrase of the question) and the code that answers it; growth takes two steps.
FIRST_STEP = "a, b = chart.points.items[0], chart.points.items[-1]\nprint(a.value, b.value)\n"
LINES = {
    ("growth rate from",): FIRST_STEP,
    ("growth rate from", RAN): "answer(growth_rate(a.value, b.value), unit='%', evidence=[a, b])\n",
    ("the highest value",): "answer(chart.points.highest().category)\n",
    ("What is the average",): "answer(chart.points.mean(), unit=chart.unit)\n",
    # Numbers from nowhere: one that is taken back when it is disputed, and one that is not.
    ("the value in the picture",): CLAIM,
    ("the value in the picture", RESOLVE): MEASURED,
    ("the value, and insist",): CLAIM.replace("99.25", "98.75"),
    ("cost of",): "unanswerable('the chart shows no costs')\n",
}
PHRASES = list(dict.fromkeys(phrase for key in LINES for phrase in key))


def write_scripted(path: Path) -> Path:
    """Write the model."""
    pieces = [THINK, OPEN, CLOSE, *LINES.values(), *PHRASES]
    tokens = [*byte_tokens(), *SPECIAL, *pieces]
    ids = {token: n for n, token in enumerate(tokens)}
    width = -(-(len(tokens) + len(PHRASES)) // (2 * HEADS)) * 2 * HEADS
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("scripted")
    writer.add_context_length(32768)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(8)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(width // HEADS)
    _add_tokenizer(writer, tokens, len(pieces), ids)
    _add_tensors(writer, ids, width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokenizer(
    writer: gguf.GGUFWriter, tokens: list[str], own: int, ids: dict[str, int]
) -> None:
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(SPECIAL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([*kinds, *[gguf.TokenType.USER_DEFINED] * own])
    writer.add_token_merges(["\u0100 \u0101"])
    writer.add_eos_token_id(ids[END])
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _add_tensors(writer: gguf.GGUFWriter, ids: dict[str, int], width: int) -> None:
    count = len(ids)
    memory = {phrase: count + n for n, phrase in enumerate(PHRASES)}
    embedding = np.zeros((count, width), np.float32)
    embedding[np.arange(count), np.arange(count)] = 1.0
    value = np.zeros((width, width), np.float32)
    for phrase, place in memory.items():
        value[place, ids[phrase]] = 1.0
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.add_tensor("output.weight", _transitions(ids, memory, width))
    block = "blk.0."
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"{block}{name}.weight", np.ones(width, np.float32))
    for name in ("attn_q", "attn_k"):
        writer.add_tensor(f"{block}{name}.weight", np.zeros((width, width), np.float32))
    writer.add_tensor(block + "attn_v.weight", value)
    writer.add_tensor(block + "attn_output.weight", np.eye(width, dtype=np.float32) * GAIN)
    for name, shape in (("gate", (8, width)), ("up", (8, width)), ("down", (width, 8))):
        writer.add_tensor(f"{block}ffn_{name}.weight", np.zeros(shape, np.float32))


def _transitions(ids: dict[str, int], memory: dict[str, int], width: int) -> np.ndarray:
    """Row j: what speaks for token j as the next one."""
    table = np.zeros((len(ids), width), np.float32)
    newline = byte_tokens()[ord("\n")]
    chain = [(newline, THINK), (THINK, OPEN), (CLOSE, END)]
    chain += [(OPEN, line) for line in LINES.values()]
    chain += [(line, CLOSE) for line in LINES.values()]
    for before, after in chain:
        table[ids[after], ids[before]] = FOLLOWS
    for phrases, line in LINES.items():
        for phrase in phrases:
            table[ids[line], memory[phrase]] = 1.0
        if RAN not in phrases:
            table[ids[line], memory[RAN]] = -1.0
    return table
