package io.navarch.crash;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A disk that can lose its power: an ext4 on a loop device over a file, which the device writes without a cache of its
/// own. What is copied of that file is what the device has been given, and no more.
///
/// The device itself forgets nothing that it was given, with or without a flush, as a disk would whose own cache is
/// kept by a battery.
final class LoopDisk implements Disk {
    private static final String SIZE = "384M";

    private final Path directory;
    private final Path mounted;
    private String device = "";

    /// @param directory for the files that stand for devices
    LoopDisk(Path directory) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        mounted = Files.createDirectories(directory.resolve("mounted"));
        Command.run("truncate", "-s", SIZE, empty().toString());
        Command.run("mkfs.ext4", "-q", "-F", "-E", "nodiscard,lazy_itable_init=0", "-J", "size=16", empty().toString());
        proveItself();
    }

    private Path empty() {
        return directory.resolve("empty.img");
    }

    private Path image() {
        return directory.resolve("disk.img");
    }

    @Override
    public Path data() {
        return mounted.resolve("data");
    }

    @Override
    public void clear() throws IOException, InterruptedException {
        detach();
        copy(empty(), image());
        attach();
    }

    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        Command.run("cp", "--sparse=always", "--reflink=never", from.toString(), to.toString());
    }

    private void attach() throws IOException, InterruptedException {
        device = Command.run("losetup", "--direct-io=on", "--find", "--show", image().toString())
                .strip();
        Command.run("mount", "-t", "ext4", device, mounted.toString());
    }

    private void detach() throws IOException, InterruptedException {
        if (device.isEmpty()) return;
        if (Command.status("mountpoint", "-q", mounted.toString()) == 0) Command.run("umount", mounted.toString());
        Command.run("losetup", "--detach", device);
        device = "";
    }

    @Override
    public void cut() throws IOException {
        Power.cut(mounted);
    }

    /// The copy is made before the file system is given up, so that this cannot add anything.
    @Override
    public void restore() throws IOException, InterruptedException {
        var copy = directory.resolve("copy.img");
        copy(image(), copy);
        detach();
        Files.move(copy, image(), StandardCopyOption.REPLACE_EXISTING);
        attach();
    }

    /// A disk that forgets nothing would find nothing.
    private void proveItself() throws IOException, InterruptedException {
        clear();
        var kept = mounted.resolve("kept");
        var lost = mounted.resolve("lost");
        Files.writeString(kept, "kept");
        try (var channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        try (var channel = FileChannel.open(mounted, StandardOpenOption.READ)) {
            channel.force(true);
        }
        Files.writeString(lost, "lost");
        cut();
        restore();
        var keptText = Files.exists(kept) ? Files.readString(kept) : "";
        var lostText = Files.exists(lost) ? Files.readString(lost) : "";
        if (!keptText.equals("kept") || !lostText.isEmpty())
            throw new IOException("this machine's disks do not lose what was not flushed, or lose what was: \""
                    + keptText + "\", \"" + lostText + "\"");
    }

    /// Whether this machine has what such a disk is made of.
    static boolean possible() throws IOException, InterruptedException {
        return List.of("losetup", "mkfs.ext4", "mount").stream().allMatch(Command::exists)
                && "root".equals(System.getProperty("user.name"))
                && Command.status("losetup", "--find") == 0;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        detach();
        PlainDisk.remove(directory);
    }
}
