package io.navarch.apps.support;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A file with texts for a helper. Everything passes [Redaction].
public final class Bundle implements Closeable {
    /// Of a log its end.
    private static final int LOG = 2 << 20;

    private final ZipOutputStream zip;

    private Bundle(OutputStream out) {
        zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    }

    /// For nobody else to read: a helper is given it, not the machine.
    public static Bundle create(Path file) throws IOException {
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(file, mine);
        return new Bundle(Files.newOutputStream(file, StandardOpenOption.WRITE));
    }

    public void text(String name, String text) throws IOException {
        put(name, Redaction.text(text));
    }

    public void lines(String name, List<String> lines) throws IOException {
        text(name, String.join("\n", lines) + "\n");
    }

    /// Objects of one kind, one a line.
    public void objects(String name, List<Map<String, Object>> objects) throws IOException {
        put(name, String.join("\n", objects.stream().map(Redaction::object).toList()) + "\n");
    }

    private void put(String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    /// The end of a log; nothing where there is none.
    public void log(String name, Path file) throws IOException {
        if (!Files.isRegularFile(file)) return;
        try (var access = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, access.length() - LOG);
            access.seek(from);
            var bytes = new byte[(int) (access.length() - from)];
            access.readFully(bytes);
            var text = new String(bytes, StandardCharsets.UTF_8);
            // A secret that is cut in two would not be known as one.
            text(name, from == 0 ? text : text.substring(text.indexOf('\n') + 1));
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
