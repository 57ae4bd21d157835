package io.navarch.agent.devices;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose devices are whose, on the disk, where the next agent finds it, and those who look at the kubelet's file.
record Checkpoint(Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    static final String NAME = "kubelet_internal_checkpoint";
    private static final String NEXT = "." + NAME + ".next";
    private static final long LONGEST = 64 << 20;
    private static final String NO_NODE = "-1";

    void read(DeviceBook book) {
        var file = directory.resolve(NAME);
        try {
            if (Files.size(file) > LONGEST) throw new IOException("it is too long");
            var data = View.of(Json.parse(Files.readAllBytes(file))).get("Data");
            data.get("RegisteredDevices").map().keySet().forEach(book::remember);
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
        var ids = new TreeSet<String>();
        entry.get("DeviceIDs")
                .map()
                .values()
                .forEach(list -> ids.addAll(View.of(list).strings()));
        var granted = Base64.getDecoder().decode(entry.get("AllocResp").string());
        book.remember(owner, new DeviceBook.Held(Set.copyOf(ids), granted));
    }

    void write(DeviceBook book) {
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
        var tree = Trees.map(
                "Data", Trees.map("PodDeviceEntries", entries, "RegisteredDevices", registered), "Checksum", 0L);
        try {
            var next = directory.resolve(NEXT);
            Files.write(next, Json.write(tree));
            Files.move(next, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("whose devices are whose cannot be written down: {}", e.getMessage());
        }
    }
}
