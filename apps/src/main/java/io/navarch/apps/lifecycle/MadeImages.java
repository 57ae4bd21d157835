package io.navarch.apps.lifecycle;

import io.navarch.images.Dockerfile;
import io.navarch.images.ImageRecipe;
import io.navarch.images.ImageSource;
import io.navarch.images.ImageStore;
import io.navarch.model.AnyObject;
import io.navarch.model.Deployment;
import io.navarch.model.DeploymentSpec;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The images of directories that `up` is given: `images/*.yaml` are recipes, `images/NAME/Dockerfile` makes the image
/// NAME. They are made by content: one whose source has changed is made again, and pods that have it in their template
/// are replaced.
final class MadeImages {
    /// Tells one content of images with the same name from another.
    private static final String ANNOTATION = "navarch.io/images";

    private static final Set<String> TEMPLATED = Set.of("Deployment", "StatefulSet", "DaemonSet");

    private final Cluster cluster;
    private final ImageStore store;
    private final Progress progress;
    /// Digest by complete name.
    private final Map<String, String> digests = new HashMap<>();

    MadeImages(Cluster cluster, Progress progress) throws IOException {
        this.cluster = cluster;
        this.progress = progress;
        store = new ImageStore(cluster.images());
    }

    /// What is in a directory's folder, read and checked.
    static List<ImageSource> sources(Path directory) throws IOException {
        var folder = directory.resolve("images");
        var sources = new ArrayList<ImageSource>();
        if (!Files.isDirectory(folder)) return sources;
        try (var list = Files.list(folder)) {
            for (var file : list.sorted().toList()) {
                if (file.toString().endsWith(".yaml")) sources.add(ImageRecipe.read(file));
                else if (Files.exists(file.resolve("Dockerfile")))
                    sources.add(Dockerfile.read(file, List.of(String.valueOf(file.getFileName()))));
            }
        }
        return sources;
    }

    void make(ImageSource source) throws IOException {
        if (!source.made(store)) {
            progress.step("making the image " + source.summary());
            var ignored = source.build(store);
            HeldImages.refresh(cluster, source.names());
            progress.done("made");
        }
        for (var name : source.names())
            digests.put(ImageStore.complete(name), store.find(name).orElseThrow());
    }

    /// Has the pods of an object replaced whenever an image of theirs is another one.
    void stamp(Map<String, Object> manifest) {
        if (!TEMPLATED.contains(new AnyObject(manifest).kind())) return;
        // The others have it in the same place.
        var pod = Deployment.of(View.of(manifest)).spec().template().spec();
        var used = new TreeSet<String>();
        names(pod).forEach(name -> {
            try {
                var digest = digests.get(ImageStore.complete(name));
                if (digest != null) used.add(digest);
            } catch (IOException e) {
                // What is no name is told when it is used.
                return;
            }
        });
        if (used.isEmpty()) return;
        var content = Sha256.hex(String.join(" ", used)).substring(0, 16);
        Trees.put(
                manifest,
                content,
                Deployment.SPEC,
                DeploymentSpec.TEMPLATE,
                PodTemplateSpec.METADATA,
                ObjectMeta.ANNOTATIONS,
                ANNOTATION);
    }

    private static Stream<String> names(PodSpec pod) {
        return Stream.concat(pod.initContainers().stream(), pod.containers().stream())
                .map(container -> container.image());
    }
}
