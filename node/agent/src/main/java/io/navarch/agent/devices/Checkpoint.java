package io.navarch.agent.devices;

import io.navarch.agent.linux.Handle;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose devices are whose, on the disk, where the next agent finds it, and those who look at the kubelet's file.
///
/// Plugins have the directory too: what lies there under its name may be anything.
record Checkpoint(Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    static final String NAME = "kubelet_internal_checkpoint";
    private static final int LONGEST = 64 << 20;
    private static final String NO_NODE = "-1";
    private static final String DATA = "Data";
    private static final String SUM = "Checksum";

    void read(DeviceBook book, Instant now) {
        var file = directory.resolve(NAME);
        try (var held = Handle.file(file)) {
            var written = held.read(LONGEST + 1);
            if (written.length > LONGEST) throw new IOException("it is too long");
            var tree = View.of(Json.parse(written));
            var data = tree.get(DATA);
            if (tree.get(SUM).longOr(0) != sum(data.map())) throw new IOException("it is damaged");
            data.get("RegisteredDevices").map().keySet().stream()
                    .filter(DeviceBook::extended)
                    .forEach(resource -> book.remember(resource, now));
            for (var entry : data.get("PodDeviceEntries").views()) read(book, entry);
        } catch (NoSuchFileException e) {
            // Nobody has had any.
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} is not understood: which container has which device is not known: {}", file, e.toString());
        }
    }

    private static void read(DeviceBook book, View entry) {
        var owner = new DeviceBook.Owner(
                entry.get("PodUID").string(),
                entry.get("ContainerName").string(),
                entry.get("ResourceName").string());
        if (!DeviceBook.extended(owner.resource())) return;
        var ids = new TreeSet<String>();
        entry.get("DeviceIDs")
                .map()
                .values()
                .forEach(list -> ids.addAll(View.of(list).strings()));
        var granted = Base64.getDecoder().decode(entry.get("AllocResp").string());
        book.remember(owner, new DeviceBook.Held(Set.copyOf(ids), granted));
    }

    private static long sum(Object data) {
        var sum = new CRC32();
        sum.update(Json.write(data));
        return sum.getValue();
    }

    /// @throws IOException in the kubelet's words
    void write(DeviceBook book) throws IOException {
        var entries = new ArrayList<Object>();
        book.held()
                .forEach((owner, devices) -> entries.add(Trees.map(
                        "PodUID", owner.uid(),
                        "ContainerName", owner.container(),
                        "ResourceName", owner.resource(),
                        "DeviceIDs",
                                Trees.map(
                                        NO_NODE, devices.ids().stream().sorted().toList()),
                        "AllocResp", Base64.getEncoder().encodeToString(devices.granted()))));
        var registered = Trees.map();
        for (var resource : book.resources()) registered.put(resource, List.of());
        var data = Trees.map("PodDeviceEntries", entries, "RegisteredDevices", registered);
        try {
            AtomicFile.write(directory.resolve(NAME), Json.write(Trees.map(DATA, data, SUM, sum(data))), "rw-------");
        } catch (IOException e) {
            throw new IOException("failed to write checkpoint file \"" + NAME + "\": " + e.getMessage(), e);
        }
    }

    /// The same where it does harm to nobody when it is not written: the next time it is.
    void note(DeviceBook book) {
        try {
            write(book);
        } catch (IOException e) {
            LOG.warn("whose devices are whose: {}", e.getMessage());
        }
    }
}
