package io.navarch.kinds.pod;

import io.navarch.model.DownwardAPIVolumeFile;
import io.navarch.model.KeyToPath;
import io.navarch.model.Volume;
import io.navarch.model.VolumeProjection;
import io.navarch.objects.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Files of one volume that would lie at the same path, or below one another.
final class PathWarnings {
    /// @param source what of a projected volume it comes from, else `""`
    private record File(String path, String source) {
        static File at(String path, String source) {
            return new File(Names.withoutSlashes(path), source);
        }

        boolean overlaps(File other) {
            var mine = path + "/";
            var its = other.path + "/";
            return !path.isEmpty() && !other.path.isEmpty() && (mine.startsWith(its) || its.startsWith(mine));
        }

        @Override
        public String toString() {
            return "\"" + path + "\"" + (source.isEmpty() ? "" : " (" + source + ")");
        }
    }

    private static final int MOST_FILES = 1000;

    private final String volume;
    private final Consumer<String> warn;
    private final List<File> before = new ArrayList<>();

    private PathWarnings(String volume, Consumer<String> warn) {
        this.volume = volume;
        this.warn = warn;
    }

    static void of(List<Volume> volumes, Consumer<String> warn) {
        for (var volume : volumes) {
            var paths = new PathWarnings(volume.name(), warn);
            if (volume.hasConfigMap())
                paths.check(
                        items(volume.configMap().items(), ""),
                        "ConfigMap \"" + volume.configMap().name() + "\"");
            if (volume.hasSecret())
                paths.check(
                        items(volume.secret().items(), ""),
                        "Secret \"" + volume.secret().secretName() + "\"");
            if (volume.hasDownwardAPI()) paths.check(files(volume.downwardAPI().items()), "DownwardAPI");
            for (var source : volume.projected().sources()) {
                if (source.view().map().isEmpty())
                    warn.accept("volume \"" + volume.name() + "\" (Projected) has no sources provided");
                paths.check(projected(source), "Projected");
            }
        }
    }

    private void check(List<File> files, String kind) {
        for (var file : files) {
            // Of many files the first overlaps are more than is told.
            if (before.size() >= MOST_FILES) return;
            for (var other : before)
                if (file.overlaps(other))
                    warn.accept(
                            "volume \"" + volume + "\" (" + kind + "): overlapping paths: " + file + " with " + other);
            before.add(file);
        }
    }

    private static List<File> items(List<KeyToPath> items, String source) {
        return items.stream().map(item -> File.at(item.path(), source)).toList();
    }

    private static List<File> files(List<DownwardAPIVolumeFile> items) {
        return items.stream().map(item -> File.at(item.path(), "")).toList();
    }

    private static List<File> projected(VolumeProjection source) {
        if (source.hasConfigMap())
            return items(
                    source.configMap().items(),
                    "ConfigMap \"" + source.configMap().name() + "\"");
        if (source.hasSecret())
            return items(source.secret().items(), "Secret \"" + source.secret().name() + "\"");
        if (source.hasDownwardAPI())
            return source.downwardAPI().items().stream()
                    .map(item -> File.at(item.path(), "DownwardAPI"))
                    .toList();
        if (source.hasServiceAccountToken())
            return List.of(File.at(source.serviceAccountToken().path(), "ServiceAccountToken"));
        if (source.hasClusterTrustBundle()) {
            var bundle = source.clusterTrustBundle();
            var name = bundle.hasName() ? bundle.name() : bundle.signerName();
            return List.of(File.at(bundle.path(), "ClusterTrustBundle \"" + name + "\""));
        }
        var certificate = source.podCertificate();
        var files = new ArrayList<File>();
        if (!certificate.certificateChainPath().isEmpty())
            files.add(File.at(certificate.certificateChainPath(), "PodCertificate chain"));
        if (!certificate.keyPath().isEmpty()) files.add(File.at(certificate.keyPath(), "PodCertificate key"));
        if (!certificate.credentialBundlePath().isEmpty())
            files.add(File.at(certificate.credentialBundlePath(), "PodCertificate credential bundle"));
        return files;
    }
}
