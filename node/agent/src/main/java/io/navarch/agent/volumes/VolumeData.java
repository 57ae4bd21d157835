package io.navarch.agent.volumes;

import io.navarch.agent.decide.CsiVolume;
import io.navarch.kinds.volumeattachment.DriverVolume;
import io.navarch.objects.Json;
import io.navarch.objects.Json.MalformedException;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.TreeMap;

/// What a node keeps beside a driver's volume, so that it, or the next agent, can have it taken away when nobody else
/// knows of it any more: one file for each pod's, one for what all of them share. It is there before the driver is
/// called.
///
/// @param target where the pod has it, `""` of what all share
/// @param staging where all have it, `""` when the driver stages nothing
/// @param attachable whether it counts as used by the node
record VolumeData(
        String name,
        String driver,
        String handle,
        String attachment,
        boolean ephemeral,
        boolean attachable,
        String target,
        String staging,
        Progress progress) {
    static final String FILE = "vol_data.json";

    private static final int LONGEST = 64 << 10;

    private static final String NAME_KEY = "specVolID";
    private static final String HANDLE_KEY = "volumeHandle";
    private static final String DRIVER_KEY = "driverName";
    private static final String ATTACHMENT_KEY = "attachmentID";
    private static final String MODE_KEY = "volumeLifecycleMode";
    private static final String EPHEMERAL = "Ephemeral";
    private static final String ATTACHABLE_KEY = "attachable";
    private static final String TARGET_KEY = "targetPath";
    private static final String STAGING_KEY = "stagingTargetPath";
    private static final String PROGRESS_KEY = "progress";

    /// How far it has come.
    enum Progress {
        /// The driver has not been called, or has said that it has done nothing.
        WANTED,
        /// The driver may have done some of it.
        BEGUN,
        DONE
    }

    static VolumeData of(CsiVolume volume, String node, boolean attachable, String target, String staging) {
        return new VolumeData(
                volume.name(),
                volume.driver(),
                volume.handle(),
                volume.attachment(node),
                volume.ephemeral(),
                attachable,
                target,
                staging,
                Progress.WANTED);
    }

    VolumeData with(Progress next) {
        return new VolumeData(name, driver, handle, attachment, ephemeral, attachable, target, staging, next);
    }

    VolumeData stagedAt(String path) {
        return new VolumeData(name, driver, handle, attachment, ephemeral, attachable, target, path, progress);
    }

    /// Its name in the node's `volumesInUse`.
    String uniqueName() {
        return new DriverVolume(driver, handle).uniqueName();
    }

    /// Empty when there is none that can be read.
    static Optional<VolumeData> read(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        try {
            if (Files.size(file) > LONGEST) return Optional.empty();
            return Optional.of(of(View.of(Json.parse(Files.readAllBytes(file)))));
        } catch (NoSuchFileException | MalformedException e) {
            return Optional.empty();
        }
    }

    private static VolumeData of(View file) {
        return new VolumeData(
                file.get(NAME_KEY).text(),
                file.get(DRIVER_KEY).text(),
                file.get(HANDLE_KEY).text(),
                file.get(ATTACHMENT_KEY).text(),
                file.get(MODE_KEY).text().equals(EPHEMERAL),
                Boolean.parseBoolean(file.get(ATTACHABLE_KEY).text()),
                file.get(TARGET_KEY).text(),
                file.get(STAGING_KEY).text(),
                progress(file.get(PROGRESS_KEY).text()));
    }

    private static Progress progress(String text) {
        for (var each : Progress.values()) if (each.name().equals(text)) return each;
        return Progress.BEGUN;
    }

    /// A file is there wholly or not at all.
    void write(Path directory) throws IOException {
        var fields = new TreeMap<String, Object>();
        fields.put(NAME_KEY, name);
        fields.put(DRIVER_KEY, driver);
        fields.put(HANDLE_KEY, handle);
        fields.put(ATTACHMENT_KEY, attachment);
        fields.put(MODE_KEY, ephemeral ? EPHEMERAL : "Persistent");
        fields.put(ATTACHABLE_KEY, String.valueOf(attachable));
        fields.put(TARGET_KEY, target);
        fields.put(STAGING_KEY, staging);
        fields.put(PROGRESS_KEY, progress.name());
        Files.createDirectories(directory);
        var part = directory.resolve(FILE + ".part");
        Files.write(part, Json.write(fields));
        Files.move(part, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
}
