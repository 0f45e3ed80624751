"""The system call filter: its program, by a small BPF interpreter, and its effect in a jail."""

from __future__ import annotations

import platform
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.jail.code import CodeJail
from sandbox import seccomp
from tests.jail.outside import outside

MACHINES = sorted(seccomp.ARCHITECTURES)
SAFE = {"x86_64": {"read": 0, "mmap": 9, "futex": 202, "execve": 59, "prctl": 157, "fork": 57},
        "aarch64": {"read": 63, "mmap": 222, "futex": 98, "execve": 221, "prctl": 167}}  # fmt: skip


def judge(program: bytes, number: int, architecture: int, arguments: tuple[int, ...] = ()) -> int:
    """The verdict of a seccomp program on one call: an interpreter of the part of BPF it uses."""
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("<iIQ6Q", number, architecture, 0, *(a % 2**64 for a in padded))
    code = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    accumulator, at = 0, 0
    while True:
        operation, yes, no, k = code[at]
        if operation == seccomp.RETURN:
            return int(k)
        if operation == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, k)
            at += 1
            continue
        holds = {
            seccomp.JUMP_EQUAL: accumulator == k,
            seccomp.JUMP_ABOVE: accumulator > k,
            seccomp.JUMP_NOT_BELOW: accumulator >= k,
            seccomp.JUMP_SET: bool(accumulator & k),
        }[operation]
        at += 1 + (yes if holds else no)


def signed(number: int) -> int:
    return number - 2**32 if number >= 2**31 else number


@pytest.mark.parametrize("machine", MACHINES)
def test_every_listed_call_is_refused(machine: str) -> None:
    program, arch = seccomp.program(machine), seccomp.ARCHITECTURES[machine]
    for name, number in seccomp.denied(machine).items():
        assert judge(program, number, arch) == seccomp.REFUSE, name
    for name, number in SAFE[machine].items():
        assert judge(program, number, arch) == seccomp.ALLOW, name


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments_decide(machine: str) -> None:
    program, arch = seccomp.program(machine), seccomp.ARCHITECTURES[machine]
    column = MACHINES.index(machine) ^ 1  # the tables have x86_64 first
    call = {name: numbers[column] for name, numbers in seccomp.LOOKED_AT.items()}
    for flag in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 1 << 28, 1 << 29, 1 << 30):
        assert judge(program, call["clone"], arch, (flag | 17,)) == seccomp.REFUSE
    assert judge(program, call["clone"], arch, (0x3D0F00,)) == seccomp.ALLOW  # a thread
    assert judge(program, call["clone"], arch, (17,)) == seccomp.ALLOW  # a fork
    assert judge(program, seccomp.CLONE3, arch) == seccomp.UNKNOWN
    # The kernel drops the upper half of an ioctl number: so must the filter.
    for number in (0x5412, 0x5412 | 1 << 32, 0x541C):
        assert judge(program, call["ioctl"], arch, (0, number)) == seccomp.REFUSE
    assert judge(program, call["ioctl"], arch, (0, 0x5413)) == seccomp.ALLOW
    for family, verdict in ((1, seccomp.ALLOW), (2, seccomp.REFUSE), (38, seccomp.REFUSE)):
        assert judge(program, call["socket"], arch, (family,)) == verdict
        assert judge(program, call["socketpair"], arch, (family,)) == verdict


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_unknown_does_not_exist(machine: str) -> None:
    program, arch = seccomp.program(machine), seccomp.ARCHITECTURES[machine]
    for number in (seccomp.NEWEST + 1, 500, 547, 4096):
        assert judge(program, number, arch) == seccomp.UNKNOWN


def test_foreign_architectures_and_x32_end_the_process() -> None:
    i386 = 0x40000003
    for machine in MACHINES:
        assert judge(seccomp.program(machine), 0, i386) == seccomp.KILL
    program = seccomp.program("x86_64")
    x32 = seccomp.X32_BIT
    assert judge(program, x32 | 521, seccomp.ARCHITECTURES["x86_64"]) == seccomp.KILL
    assert judge(program, -1, seccomp.ARCHITECTURES["x86_64"]) == seccomp.KILL
    with pytest.raises(ValueError, match="riscv64"):
        seccomp.program("riscv64")


ARGUMENTS = st.lists(st.integers(0, 2**64 - 1), max_size=6)


@given(st.sampled_from(MACHINES), st.integers(0, 2**32 - 1), ARGUMENTS)
def test_every_call_has_a_verdict(machine: str, number: int, arguments: list[int]) -> None:
    program, arch = seccomp.program(machine), seccomp.ARCHITECTURES[machine]
    verdict = judge(program, signed(number), arch, tuple(arguments))
    assert verdict in (seccomp.ALLOW, seccomp.REFUSE, seccomp.UNKNOWN, seccomp.KILL)


_HEADERS = {
    "x86_64": (
        "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
        "/usr/include/asm/unistd_64.h",
    ),
}


def test_the_numbers_are_the_kernels() -> None:
    for machine, paths in _HEADERS.items():
        header = next((Path(path) for path in paths if Path(path).exists()), None)
        if header is None:
            pytest.skip("the kernel's headers are not installed")
        known = dict(re.findall(r"#define __NR_(\w+) (\d+)", header.read_text()))
        for name, number in seccomp.denied(machine).items():
            if name in known:  # an old header lacks new calls
                assert int(known[name]) == number, name


# Attacks: what each does outside and in the jail. `call` returns 0 or the error's number.
_CALL = """
import ctypes, errno, os, platform
libc = ctypes.CDLL(None, use_errno=True)
def call(*numbers_and_arguments):
    (x86, arm), *rest = numbers_and_arguments
    ctypes.set_errno(0)
    number = x86 if platform.machine() == 'x86_64' else arm
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, rest))
    return 0 if result >= 0 else ctypes.get_errno()
"""
ATTACKS = {
    "ptrace": "call((101, 117), 0, 0, 0, 0)",
    "memfd_create": "call((319, 279), 0, 0) == errno.EFAULT",
    "keyctl": "call((250, 219), 0, -3, 0)",
    "add_key": "call((248, 217), 0, 0, 0, 0, -3) == errno.EFAULT",
    "io_uring_setup": "call((425, 425), 1, 0) == errno.EFAULT",
    "userfaultfd": "call((323, 282), 0xFFFF) == errno.EINVAL",
    "shmget": "call((29, 194), 0, 4096, 0o600)",
    "msgget": "call((68, 186), 0, 0o600)",
    "process_vm_readv": "call((310, 270), os.getpid(), 0, 0, 0, 0, 0)",
    "personality": "call((135, 92), 0xFFFFFFFF)",
    "bpf": "call((321, 280), -1, 0, 0) == errno.EINVAL",
    "perf_event_open": "call((298, 241), 0, 0, -1, -1, 0) == errno.EFAULT",
    "TIOCSTI": "call((16, 29), os.open('/dev/null', 0), 0x5412, 0) == errno.ENOTTY",
    "unshare": "call((272, 97), 0x10000000)",
    "clone3": "call((435, 435), 0, 0) == errno.EINVAL",
    "inet socket": "call((41, 198), 2, 1, 0)",
    "vsock": "call((41, 198), 40, 1, 0) in (0, errno.EAFNOSUPPORT, errno.ENODEV)",
}
MAY_BE_MISSING = (38, 1, 13)  # the machine has switched it off already: nothing to show


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_the_jail_refuses(jail: CodeJail, name: str) -> None:
    expression = ATTACKS[name]
    inner = expression.split(" == ")[0].split(" in ")[0]
    before = outside(f"{_CALL}\nresult = {inner}\nprint(result)")
    if int(before) in MAY_BE_MISSING:
        pytest.skip(f"this machine forbids {name} outside as well (errno {before})")
    passes = expression if expression != inner else f"{inner} == 0"
    assert outside(f"{_CALL}\nprint({passes})") == "True"
    ran = jail.run(f"{_CALL}\nprint({inner})", 10)
    assert ran.fault is None, ran.fault
    assert ran.stdout.strip() == ("38" if name == "clone3" else "1"), ran.stdout


def test_a_foreign_call_ends_only_the_step(jail: CodeJail) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("x32 is a part of x86_64")
    jail.run("kept = 1", 10)
    ran = jail.run(f"{_CALL}\ncall((0x40000000 | 39, 0))", 10)
    assert ran.fault is not None
    assert ran.fault.kind == "crashed"
    assert "SIGSYS" in ran.fault.message
    assert jail.run("kept", 10).value == "1"
