package io.navarch.agent.api;

import io.navarch.agent.api.NodeLogQuery.MalformedException;
import io.navarch.agent.linux.Handle;
import io.navarch.http.Exchange;
import io.navarch.objects.FieldError;
import io.navarch.process.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Answers with the machine's own logs: files, and where that is allowed what services wrote to systemd's journal.
///
/// @param root of the files; no link leads out of it
/// @param queries whether one may ask by service
record NodeLogs(Path root, boolean queries) {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_NAMES = 10_000;
    private static final String NOT_THERE = "no such file or directory";
    private static final String LEADS_OUT = "path escapes from parent";
    /// What stands for itself in the path of a URL.
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@";

    private static final String TEXT = "text/plain;charset=UTF-8";

    /// @param path below `/logs/`
    void handle(Exchange exchange, String path) throws IOException, InterruptedException {
        var file = path;
        if (queries) {
            try {
                var query = NodeLogQuery.parse(exchange.query());
                if (query.isPresent()) {
                    var problem = path.isEmpty() ? query.get().problem() : "path not allowed in query mode";
                    if (!problem.isEmpty()) {
                        Answers.text(exchange, 406, problem + "\n");
                        return;
                    }
                    if (!query.get().services().isEmpty()) {
                        services(exchange, query.get());
                        return;
                    }
                    var wanted = query.get().files().getFirst();
                    file = wanted.replace('\\', '/');
                    var missing = missing(file);
                    if (!missing.isEmpty()) {
                        var error = FieldError.invalid("query", List.of(wanted), "statat " + wanted + ": " + missing);
                        Answers.text(exchange, 406, error + "\n");
                        return;
                    }
                }
            } catch (MalformedException e) {
                Answers.text(exchange, 400, e.getMessage() + "\n");
                return;
            }
        }
        file(exchange, file);
    }

    private void file(Exchange exchange, String path) throws IOException {
        try (var found = open(path)) {
            var attributes = found.attributes();
            if (attributes.isDirectory()) {
                exchange.respond(200, "text/html; charset=utf-8", listed(found).getBytes(StandardCharsets.UTF_8));
            } else if (attributes.isRegularFile()) {
                exchange.patience(Duration.ZERO);
                var out = exchange.start(200, Map.of("Content-Type", TEXT));
                Files.copy(found.path(), out);
                out.close();
            } else {
                Answers.text(exchange, 404, "404 page not found\n");
            }
        } catch (IOException e) {
            if (exchange.started()) throw e;
            Answers.text(exchange, 404, "404 page not found\n");
        }
    }

    /// Why a file cannot be shown, in Go's words; `""` when it can be. To them a path with a slash before it leads out.
    private String missing(String file) {
        try (var found = open(file)) {
            return found.descriptor() < 0 ? NOT_THERE : "";
        } catch (NoSuchFileException e) {
            return file.startsWith("/") ? LEADS_OUT : NOT_THERE;
        } catch (IOException e) {
            return LEADS_OUT;
        }
    }

    private Handle open(String path) throws IOException {
        var inside = path.replaceAll("^/+|/+$", "");
        try (var top = Handle.directory(root)) {
            return top.below(inside.isEmpty() ? "." : inside);
        }
    }

    private static String listed(Handle directory) throws IOException {
        var text =
                new StringBuilder("<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n");
        var names = directory.names().stream().sorted().limit(MOST_NAMES).toList();
        for (var name : names) {
            boolean inner = Files.isDirectory(directory.entry(name), LinkOption.NOFOLLOW_LINKS);
            var path = inner ? name + "/" : name;
            text.append("<a href=\"").append(reference(path)).append("\">");
            text.append(shown(path)).append("</a>\n");
        }
        return text.append("</pre>\n").toString();
    }

    private static String shown(String name) {
        return name.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    /// A name as a reference to what lies next to it, whatever stands in it.
    private static String reference(String name) {
        var path = new StringBuilder(name.contains(":") ? "./" : "");
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (PLAIN.indexOf(character) >= 0) path.append(character);
            else path.append("%%%02X".formatted((int) character));
        }
        return path.toString();
    }

    private void services(Exchange exchange, NodeLogQuery query) throws IOException, InterruptedException {
        var units = units();
        var known = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (var service : query.services()) (units.contains(service + ".service") ? known : others).add(service);
        exchange.patience(Duration.ZERO);
        var out = exchange.start(200, Map.of("Content-Type", TEXT));
        if (!known.isEmpty()) journal(query.journal(known), out);
        if (!others.isEmpty() && !query.selection().equals(NodeLogQuery.Selection.ALL))
            write(
                    out,
                    "\noptions present and query resolved to log files for [" + String.join(" ", others)
                            + "]\ntry without specifying options\n");
        else for (var service : others) copy(service, out);
        out.close();
    }

    /// All that the journal has something of.
    private static String units() {
        try {
            return Command.tryRun(List.of("journalctl", "--field", "_SYSTEMD_UNIT"), "", LONGEST)
                    .out();
        } catch (Command.FailedException e) {
            return "";
        }
    }

    private static void journal(List<String> command, OutputStream out) throws IOException, InterruptedException {
        var journal = new ProcessBuilder(command).redirectErrorStream(true).start();
        // What does not end in time is ended, whether somebody reads it or not.
        var late = CompletableFuture.delayedExecutor(LONGEST.toSeconds(), TimeUnit.SECONDS);
        var end = CompletableFuture.runAsync(journal::destroyForcibly, late);
        try (var lines = journal.getInputStream()) {
            lines.transferTo(out);
            journal.waitFor();
        } finally {
            end.cancel(false);
            journal.destroyForcibly();
        }
    }

    /// The first that is there of the files in which a service may log.
    private void copy(String service, OutputStream out) throws IOException {
        for (var name : List.of(service, service + ".log", service + "/" + service + ".log")) {
            try (var file = open(name)) {
                if (!file.attributes().isRegularFile()) continue;
                Files.copy(file.path(), out);
                return;
            } catch (IOException e) {
                // It is not that one.
            }
        }
        write(out, "\nlog not found for " + service + "\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
