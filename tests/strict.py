"""The strict bench: an undefined template variable and a way out of this machine are errors."""

import ipaddress
import socket
import sys
from pathlib import Path

from django.template.base import Variable, VariableDoesNotExist

ROOT = Path(__file__).resolve().parent.parent


class UndefinedVariable(AssertionError):
    """A template of ours printed a name that its context does not have."""


class Undefined(str):
    """`string_if_invalid` that raises for our templates and is empty for those of packages.

    Django asks `"%s" in it` and then formats it with the variable; the context is only found in
    the caller's frame.
    """

    __slots__ = ()

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __contains__(self, part):
        return True

    def __mod__(self, variable: Variable) -> str:
        context = sys._getframe(1).f_locals["context"]
        template = context.render_context.template
        origin = str(getattr(template.origin, "name", ""))
        if Path(origin).is_absolute() and not Path(origin).is_relative_to(ROOT / "templates"):
            return ""
        raise UndefinedVariable(f"{variable} is undefined in {origin}")


def strict_for(node, context):
    """Refuse `{% for x in name %}` over an undefined name, which Django takes for an empty list."""
    sequence = node.sequence
    if sequence.is_var and isinstance(sequence.var, Variable) and not sequence.filters:
        try:
            sequence.var.resolve(context)
        except VariableDoesNotExist:
            context.template.engine.string_if_invalid % sequence.var


def only_this_machine(address) -> None:
    """Raise unless a socket address lies on this machine."""
    if not isinstance(address, tuple):
        return
    host = str(address[0])
    if host in ("", "localhost"):
        return
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise AssertionError(f"A test wanted to reach {host}")


def block_network() -> None:
    """Let sockets reach this machine only; asking for the address of another name fails too."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self, address):
        only_this_machine(address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        only_this_machine(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host, *args, **kwargs):
        if host is not None:
            only_this_machine((host.decode() if isinstance(host, bytes) else host, 0))
        return getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = guarded_connect
    socket.socket.connect_ex = guarded_connect_ex
    socket.getaddrinfo = guarded_getaddrinfo
