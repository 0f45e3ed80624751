"""The system calls that no jail needs, as a BPF program written out by hand.

Everything that can be stopped by a namespace, a mount or a limit is stopped there; this filter
stops what only a filter can. The default is to allow: numpy, onnxruntime, OpenCV and PyMuPDF run
under it unchanged. Refused calls fail with EPERM, so that a library which merely tries one goes on;
calls newer than this list with ENOSYS, as on an older kernel; calls of another architecture end the
process.

The numbers are those of `asm/unistd_64.h` (x86_64) and `asm-generic/unistd.h` (aarch64); from 424
on they are the same everywhere. Standard library only. Layout of a program: seccomp(2), and
McCanne & Jacobson, "The BSD Packet Filter", USENIX Winter 1993.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

# name: (x86_64, aarch64); None where the architecture never had the call.
DENIED: dict[str, dict[str, tuple[int, int | None]]] = {
    "reading and steering other processes": {
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "kcmp": (312, 272),
        "pidfd_getfd": (438, 438),
    },
    "keyrings: kernel memory outside every limit, shared beyond the jail": {
        "add_key": (248, 217),
        "request_key": (249, 218),
        "keyctl": (250, 219),
    },
    "io_uring: does what other calls do, unseen by a filter": {
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
    },
    "userfaultfd: holds the kernel in mid-copy, the handle of many exploits": {
        "userfaultfd": (323, 282),
    },
    "System V and POSIX message IPC: memory outside RLIMIT_AS": {
        "shmget": (29, 194),
        "shmat": (30, 196),
        "shmctl": (31, 195),
        "shmdt": (67, 197),
        "semget": (64, 190),
        "semop": (65, 193),
        "semctl": (66, 191),
        "semtimedop": (220, 192),
        "msgget": (68, 186),
        "msgsnd": (69, 189),
        "msgrcv": (70, 188),
        "msgctl": (71, 187),
        "mq_open": (240, 180),
        "mq_unlink": (241, 181),
        "mq_timedsend": (242, 182),
        "mq_timedreceive": (243, 183),
        "mq_notify": (244, 184),
        "mq_getsetattr": (245, 185),
    },
    "files in memory: outside RLIMIT_AS, RLIMIT_FSIZE and every tmpfs": {
        "memfd_create": (319, 279),
        "memfd_secret": (447, 447),
    },
    "mounts and roots": {
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "statmount": (457, 457),
        "listmount": (458, 458),
    },
    "namespaces (clone and clone3 are looked at below)": {
        "unshare": (272, 97),
        "setns": (308, 268),
    },
    "programs and modules for the kernel": {
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "kexec_load": (246, 104),
        "kexec_file_load": (320, 294),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "delete_module": (176, 106),
        "seccomp": (317, 277),
    },
    "the machine: clocks, names, swap, logs, ports": {
        "reboot": (169, 142),
        "swapon": (167, 224),
        "swapoff": (168, 225),
        "acct": (163, 89),
        "quotactl": (179, 60),
        "quotactl_fd": (443, 443),
        "settimeofday": (164, 170),
        "clock_settime": (227, 112),
        "adjtimex": (159, 171),
        "clock_adjtime": (305, 266),
        "sethostname": (170, 161),
        "setdomainname": (171, 162),
        "syslog": (103, 116),
        "vhangup": (153, 58),
        "nfsservctl": (180, 42),
        "lookup_dcookie": (212, 18),
        "iopl": (172, None),
        "ioperm": (173, None),
        "modify_ldt": (154, None),
        "uselib": (134, None),
        "ustat": (136, None),
        "sysfs": (139, None),
        "_sysctl": (156, None),
        "create_module": (174, None),
        "query_module": (178, None),
        "get_kernel_syms": (177, None),
    },
    "files by handle, file events of the whole machine": {
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
        "fanotify_init": (300, 262),
        "fanotify_mark": (301, 263),
    },
    "placement of memory of other processes and nodes": {
        "mbind": (237, 235),
        "set_mempolicy": (238, 237),
        "set_mempolicy_home_node": (450, 450),
        "migrate_pages": (256, 238),
        "move_pages": (279, 239),
    },
    "weakening of exploit mitigations; pages handed into pipes": {
        "personality": (135, 92),
        "vmsplice": (278, 75),
    },
}

# Calls of which an argument decides.
LOOKED_AT = {"clone": (56, 220), "ioctl": (16, 29), "socket": (41, 198), "socketpair": (53, 199)}
# Its flags lie in memory, where a filter cannot look; ENOSYS makes the C library use clone.
CLONE3 = 435
# The newest call that was considered (mseal). Anything later: ENOSYS.
NEWEST = 462

TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
AF_UNIX = 1
# CLONE_NEW… of time, mount, cgroup, uts, ipc, user, pid and net.
CLONE_NEW = (
    0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000
)
X32_BIT = 0x40000000

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}

LOAD, JUMP_EQUAL, JUMP_ABOVE, JUMP_NOT_BELOW, JUMP_SET, RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
ALLOW, REFUSE, UNKNOWN, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_VERDICTS = {"allow": ALLOW, "refuse": REFUSE, "unknown": UNKNOWN, "kill": KILL}
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24


@dataclass(frozen=True)
class Instruction:
    """One BPF instruction; `yes` and `no` name a label, or are empty for the next one."""

    code: int
    k: int
    yes: str = ""
    no: str = ""
    label: str = ""


def denied(machine: str) -> dict[str, int]:
    """The numbers that are refused whatever their arguments, by name."""
    column = _COLUMN[machine]
    calls = {name: numbers[column] for group in DENIED.values() for name, numbers in group.items()}
    return {name: number for name, number in calls.items() if number is not None}


def instructions(machine: str) -> list[Instruction]:
    """The program, with labels. Raises `ValueError` for a machine it was not written for."""
    if machine not in ARCHITECTURES:
        raise ValueError(f"no system call filter for {machine}")
    call = {name: numbers[_COLUMN[machine]] for name, numbers in LOOKED_AT.items()}
    code = [
        Instruction(LOAD, _ARCHITECTURE),
        Instruction(JUMP_EQUAL, ARCHITECTURES[machine], no="kill"),
        Instruction(LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        code.append(Instruction(JUMP_NOT_BELOW, X32_BIT, yes="kill"))
    code.append(Instruction(JUMP_ABOVE, NEWEST, yes="unknown"))
    code.append(Instruction(JUMP_EQUAL, CLONE3, yes="unknown"))
    code += [Instruction(JUMP_EQUAL, n, yes="refuse") for n in sorted(denied(machine).values())]
    code += [
        Instruction(JUMP_EQUAL, call["clone"], yes="clone"),
        Instruction(JUMP_EQUAL, call["ioctl"], yes="ioctl"),
        Instruction(JUMP_EQUAL, call["socket"], yes="socket"),
        Instruction(JUMP_EQUAL, call["socketpair"], yes="socket", no="allow"),
        # The kernel looks at the low half of these arguments only, and so does the filter.
        Instruction(LOAD, _FIRST, label="clone"),
        Instruction(JUMP_SET, CLONE_NEW, yes="refuse", no="allow"),
        Instruction(LOAD, _SECOND, label="ioctl"),
        Instruction(JUMP_EQUAL, TIOCSTI, yes="refuse"),
        Instruction(JUMP_EQUAL, TIOCLINUX, yes="refuse"),
        Instruction(JUMP_EQUAL, TIOCSETD, yes="refuse", no="allow"),
        Instruction(LOAD, _FIRST, label="socket"),
        Instruction(JUMP_EQUAL, AF_UNIX, yes="allow", no="refuse"),
    ]
    return code + [Instruction(RETURN, k, label=label) for label, k in _VERDICTS.items()]


def program(machine: str) -> bytes:
    """The program as an array of `struct sock_filter`, little-endian, for `bwrap --seccomp`.

    Raises `ValueError` for a machine it was not written for.
    """
    code = instructions(machine)
    places = {line.label: place for place, line in enumerate(code) if line.label}

    def distance(label: str, place: int) -> int:
        return places[label] - place - 1 if label else 0

    packed = b""
    for place, line in enumerate(code):
        jumps = distance(line.yes, place), distance(line.no, place)
        packed += struct.pack("<HBBI", line.code, *jumps, line.k)
    return packed
