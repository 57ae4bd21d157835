package io.navarch.apps.snapshot;

import io.navarch.objects.Sha256;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;

/// The files of a data directory that belong to a cluster like its store does: without them nobody could read it, and
/// it would be another cluster to its clients and nodes.
final class KeptFiles {
    /// In a data directory, each a file or a directory of files.
    static final List<String> NAMES = List.of("pki", "encryption.yaml", "encryption-status.json", DataFormat.NAME);

    private static final int MOST = 10_000;
    private static final int LONGEST = 4 << 20;

    private KeptFiles() {}

    private static List<Path> of(Path data) throws IOException {
        var found = new ArrayList<Path>();
        for (var name : NAMES) {
            var file = data.resolve(name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) continue;
            try (var walk = Files.walk(file)) {
                walk.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    /// @return a sum of what was written, as [#sum] tells it
    static byte[] write(Path data, OutputStream to) throws IOException {
        var sum = Sha256.digest();
        var out = new DataOutputStream(new DigestOutputStream(to, sum));
        var files = of(data);
        if (files.size() > MOST)
            throw new IOException(
                    files.size() + " files belong to the cluster in " + data + ": a snapshot has " + MOST);
        out.writeInt(files.size());
        for (var file : files) {
            // What a restore would not read is not written.
            if (Files.size(file) > LONGEST)
                throw new IOException(file + " is " + Files.size(file) + " bytes long: a snapshot has " + LONGEST);
            var content = Files.readAllBytes(file);
            out.writeUTF(data.relativize(file).toString());
            out.writeUTF(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            out.writeInt(content.length);
            out.write(content);
        }
        out.flush();
        return sum.digest();
    }

    /// Of the files as they are now.
    static byte[] sum(Path data) throws IOException {
        return write(data, OutputStream.nullOutputStream());
    }

    /// What is done with a file that is read.
    interface Reader {
        void file(Path name, String permissions, byte[] content) throws IOException;
    }

    /// Makes them anew below a directory.
    static Reader into(Path data) {
        return (name, permissions, content) -> {
            var file = data.resolve(name);
            var directory = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(file.getParent(), directory);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        };
    }

    static void read(DataInputStream in, Reader reader) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) throw new IOException("a snapshot has no " + count + " files");
        for (int i = 0; i < count; i++) {
            var name = Path.of(in.readUTF()).normalize();
            if (name.isAbsolute() || !NAMES.contains(name.getName(0).toString()))
                throw new IOException("a snapshot has no file " + name);
            var permissions = in.readUTF();
            int length = in.readInt();
            if (length < 0 || length > LONGEST) throw new IOException(name + " is " + length + " bytes long");
            var content = in.readNBytes(length);
            if (content.length < length) throw new IOException(name + " is cut short");
            reader.file(name, permissions, content);
        }
    }
}
