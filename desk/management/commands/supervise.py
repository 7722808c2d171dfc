"""Web, worker and beat as one program: they start together and end together."""

import io
import ipaddress
import os
import socket
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from desk.management import processes

GRACE = 10.0
# A year of closed cases for the managers' figures: nobody has to wait for them.
HISTORY = (str(settings.BASE_DIR / "manage.py"), "seed_demo", "--history", "--verbosity", "0")


class Command(BaseCommand):
    help = "Kør web, worker og beat sammen til Ctrl-C eller SIGTERM; ender med 1, når en af dem selv stopper."
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--prepare", action="store_true", help="migrér først, og fyld en tom demodatabase")

    def handle(self, *, host, port, prepare, **options):
        refuse_open_demo(host)
        refuse_taken_port(host, port)
        fresh = prepare and self.prepare()
        stop = processes.Stop()
        stop.listen()
        children, beside = processes.start(commands(host, port)), {}
        try:
            if processes.wait_until(lambda: answers(host, port), children, stop):
                self.greet(host, port)
                beside = processes.start({"history": [sys.executable, *HISTORY]} if fresh else {})
            name = processes.watch(children, stop)
        finally:
            processes.end(children | beside, grace=GRACE)
        if name:
            raise CommandError(
                f"{name} stoppede af sig selv, så alt er stoppet. De sidste linjer ovenfor siger hvorfor."
            )
        self.stdout.write("Stoppet.")

    def prepare(self) -> bool:
        """True when the database was empty and invented families are in it now."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_phrases", stdout=io.StringIO())
        if get_user_model().objects.exists():
            return False
        if settings.DEMO:
            self.stdout.write("Databasen er tom: opretter opdigtede familier ...")
            call_command("seed_demo", stdout=io.StringIO())
        elif not settings.DATABASE_URL and "DEMO" not in os.environ:
            (settings.VAR_DIR / "demo").touch()
            self.stdout.flush()
            os.execv(sys.executable, [sys.executable, *sys.argv])
        else:
            self.first_administrator()
        return settings.DEMO

    def first_administrator(self):
        if not sys.stdin.isatty():
            self.stdout.write("Der er ingen brugere endnu: .venv/bin/python manage.py create_administrator BRUGERNAVN")
            return
        username = input("Der er ingen brugere endnu. Den første administrators brugernavn: ").strip()
        call_command("create_administrator", username)

    def greet(self, host, port):
        self.stdout.write(f"\nIndgang kører på http://{display(host)}:{port}/   (Ctrl-C stopper)")
        if settings.DEMO:
            self.stdout.write(f"Kun opdigtede personer. Log ind med adgangskoden {settings.DEMO_PASSWORD} som:")
            for user in get_user_model().objects.filter(is_active=True).order_by("pk"):
                roles = ", ".join(str(role.label) for role in user.roles)
                self.stdout.write(f"  {user.username:<12} {user.name} ({roles})")
        self.stdout.flush()


def commands(host: str, port: int) -> dict[str, list[str]]:
    """What runs: one web server, one worker, one beat."""
    # A demo or a container may well run as root; Celery's warning about it would hide the address.
    quiet = ["-W", "ignore::UserWarning:celery.platforms", "-W", "ignore::UserWarning:celery.apps.worker"]
    celery = [sys.executable, *quiet, "-m", "celery", "--app", "config", "--quiet"]
    pool = ["--concurrency", "2"] if settings.REDIS_URL else ["--pool", "solo"]
    workers = os.environ.get("WEB_WORKERS") or ("2" if settings.DATABASE_URL else "1")
    web = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"{host}:{port}"]
    # A list of thousands of rows is committed in one request.
    web += ["--workers", workers, "--threads", "4", "--timeout", "180", "--no-control-socket", "--log-level", "warning"]
    return {
        "web": web,
        "worker": [*celery, "worker", *pool, "--without-gossip", "--without-mingle", "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(settings.VAR_DIR / "beat")],
    }


def refuse_open_demo(host: str) -> None:
    """Demo log-ins have a known password: they are for this machine alone."""
    if settings.DEMO and not is_loopback(host) and os.environ.get("BIND_ANYWHERE") != "1":
        raise CommandError(
            f"Demoens adgangskoder er kendte, så den lytter ikke på {host}. BIND_ANYWHERE=1 gør det alligevel."
        )


def refuse_taken_port(host: str, port: int) -> None:
    """A clear sentence instead of a web server that cannot start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host.strip("[]"), port))
        except OSError as error:
            raise CommandError(
                f"Port {port} på {host} kan ikke bruges ({error.strerror}). En anden: PORT={port + 1} bin/run"
            ) from error


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def display(host: str) -> str:
    return "localhost" if is_loopback(host) else host


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host.strip("[]"), port), timeout=1):
            return True
    except OSError:
        return False
