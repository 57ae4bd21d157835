"""A shop that sells pencils: what was sold is in PostgreSQL, and any of its replicas answers."""

import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

PAGE = """<!doctype html>
<title>Shop</title>
<h1>Pencils: {sold} sold</h1>
<form method="post" action="/buy"><button>Buy one</button></form>
<p>answered by {host}</p>
"""


def database(statement):
    """Runs one statement in a transaction of its own, and gives the first value that it returns."""
    with psycopg2.connect(
        host=os.environ["DATABASE_HOST"],
        user="shop",
        dbname="shop",
        password=os.environ["DATABASE_PASSWORD"],
        connect_timeout=3,
    ) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS sales (id serial PRIMARY KEY, at timestamptz DEFAULT now())")
        cursor.execute(statement)
        return cursor.fetchone()[0]


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/healthz":
            self.answer(200, "ok\n")
        elif self.path == "/":
            self.with_database("SELECT count(*) FROM sales", 200)
        else:
            self.answer(404, "no such page\n")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/buy":
            self.with_database("INSERT INTO sales DEFAULT VALUES RETURNING id", 303)
        else:
            self.answer(404, "no such page\n")

    def with_database(self, statement, status):
        try:
            value = database(statement)
        except psycopg2.Error as error:
            print("database:", error)
            self.answer(503, "the database does not answer\n")
            return
        self.answer(status, PAGE.format(sold=value, host=socket.gethostname()))

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        if status == 303:
            self.send_header("Location", "/")
        self.send_header("Content-Type", "text/html" if text.startswith("<") else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        if self.path != "/healthz":
            print(self.address_string(), form % values)


server = ThreadingHTTPServer(("", 8000), Shop)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print("open")
server.serve_forever()
