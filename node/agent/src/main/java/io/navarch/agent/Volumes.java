package io.navarch.agent;

import io.navarch.client.Client;
import io.navarch.cri.v1.Mount;
import io.navarch.cri.v1.MountPropagation;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// A pod's volumes on disk, below the kubelet's directories. Files of ConfigMaps, Secrets, tokens and the downward API
/// are replaced all at once, through the `..data` link, so that readers never see half of a change.
final class Volumes {
    private final AgentConfig config;
    private final Client client;
    private final InstantSource clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    private record Token(String text, Instant renewAt) {}

    Volumes(AgentConfig config, Client client, InstantSource clock) {
        this.config = config;
        this.client = client;
        this.clock = clock;
    }

    Path podDirectory(String uid) {
        return config.root().resolve("pods").resolve(uid);
    }

    private Path directory(View pod, String plugin, String name) {
        return podDirectory(pod.uid())
                .resolve("volumes/kubernetes.io~" + plugin)
                .resolve(name);
    }

    /// Makes what is missing and brings contents up to date.
    void prepare(View pod, Environment environment, BiFunction<String, String, View> lookup) {
        try {
            for (var volume : pod.spec().get("volumes").views()) prepare(pod, volume, environment, lookup);
            hosts(pod);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prepare(View pod, View volume, Environment environment, BiFunction<String, String, View> lookup)
            throws IOException {
        var name = volume.get("name").string();
        if (volume.get("emptyDir").exists()) {
            emptyDir(directory(pod, "empty-dir", name), volume.get("emptyDir"), pod);
        } else if (volume.get("hostPath").exists()) {
            hostPath(volume.get("hostPath"));
        } else if (volume.get("configMap").exists() || volume.get("secret").exists()) {
            boolean secret = volume.get("secret").exists();
            var source = volume.get(secret ? "secret" : "configMap");
            var files = new TreeMap<String, File>();
            keys(
                    source,
                    source.get(secret ? "secretName" : "name").string(),
                    secret,
                    source.get("defaultMode").intOr(420),
                    lookup,
                    files);
            replace(directory(pod, secret ? "secret" : "configmap", name), files, pod);
        } else if (volume.get("downwardAPI").exists()) {
            var files = new TreeMap<String, File>();
            downward(
                    volume.get("downwardAPI"),
                    pod,
                    environment,
                    volume.get("downwardAPI", "defaultMode").intOr(420),
                    files);
            replace(directory(pod, "downward-api", name), files, pod);
        } else if (volume.get("projected").exists()) {
            projected(pod, volume.get("projected"), directory(pod, "projected", name), environment, lookup);
        } else {
            var kind = volume.map().keySet().stream()
                    .filter(key -> !key.equals("name"))
                    .findFirst()
                    .orElse("");
            throw new Environment.UnresolvedException(
                    "volume \"" + name + "\" of type " + kind + " is not supported by this node");
        }
    }

    private record File(byte[] content, int mode) {}

    private void projected(
            View pod, View projected, Path directory, Environment environment, BiFunction<String, String, View> lookup)
            throws IOException {
        var files = new TreeMap<String, File>();
        int mode = projected.get("defaultMode").intOr(420);
        for (var source : projected.get("sources").views()) {
            if (source.get("configMap").exists())
                keys(source.get("configMap"), source.get("configMap", "name").string(), false, mode, lookup, files);
            if (source.get("secret").exists())
                keys(source.get("secret"), source.get("secret", "name").string(), true, mode, lookup, files);
            if (source.get("downwardAPI").exists()) downward(source.get("downwardAPI"), pod, environment, mode, files);
            if (source.get("serviceAccountToken").exists()) {
                var wanted = source.get("serviceAccountToken");
                files.put(
                        wanted.get("path").string(),
                        new File(
                                token(pod, wanted).getBytes(StandardCharsets.UTF_8),
                                pod.spec().get("securityContext", "fsGroup").exists() ? 0640 : mode));
            }
        }
        replace(directory, files, pod);
    }

    private void keys(
            View source,
            String name,
            boolean secret,
            int mode,
            BiFunction<String, String, View> lookup,
            Map<String, File> files) {
        var object = lookup.apply(secret ? "secrets" : "configmaps", name);
        boolean optional = source.get("optional").bool();
        if (!object.exists()) {
            if (optional) return;
            throw new Environment.UnresolvedException(
                    (secret ? "secret" : "configmap") + " \"" + name + "\" not found");
        }
        var contents = new HashMap<String, byte[]>();
        object.get("data")
                .map()
                .forEach((key, value) -> contents.put(
                        key,
                        secret
                                ? Base64.getDecoder().decode(String.valueOf(value))
                                : String.valueOf(value).getBytes(StandardCharsets.UTF_8)));
        object.get("binaryData")
                .map()
                .forEach((key, value) -> contents.put(key, Base64.getDecoder().decode(String.valueOf(value))));
        if (source.get("items").list().isEmpty()) {
            contents.forEach((key, value) -> files.put(key, new File(value, mode)));
            return;
        }
        for (var item : source.get("items").views()) {
            var content = contents.get(item.get("key").string());
            if (content == null && !optional)
                throw new Environment.UnresolvedException("references non-existent " + (secret ? "secret" : "config")
                        + " key: " + item.get("key").string());
            if (content != null)
                files.put(
                        item.get("path").string(),
                        new File(content, item.get("mode").intOr(mode)));
        }
    }

    private static void downward(View source, View pod, Environment environment, int mode, Map<String, File> files) {
        for (var item : source.get("items").views()) {
            String text;
            if (item.get("fieldRef").exists())
                text = environment.field(item.get("fieldRef", "fieldPath").string());
            else {
                var reference = item.get("resourceFieldRef");
                text = environment.resource(
                        pod.spec()
                                .get("containers")
                                .find("name", reference.get("containerName").string()),
                        reference);
            }
            files.put(
                    item.get("path").string(),
                    new File(
                            text.getBytes(StandardCharsets.UTF_8),
                            item.get("mode").intOr(mode)));
        }
    }

    /// A token bound to the pod, renewed when four fifths of its time are over.
    private String token(View pod, View wanted) {
        var key = pod.uid() + "/" + wanted.get("audience").string() + "/"
                + wanted.get("expirationSeconds").longOr(3600);
        var known = tokens.get(key);
        var now = clock.instant();
        if (known != null && known.renewAt.isAfter(now)) return known.text;
        long seconds = wanted.get("expirationSeconds").longOr(3600);
        var audience = wanted.get("audience").string();
        var answer = client.post(
                Resources.SERVICE_ACCOUNTS.untyped(),
                new ObjectKey(
                        pod.namespace(), pod.spec().get("serviceAccountName").stringOr("default")),
                "token",
                Trees.map(
                        "apiVersion",
                        "authentication.k8s.io/v1",
                        "kind",
                        "TokenRequest",
                        "spec",
                        Trees.map(
                                "audiences",
                                audience.isEmpty() ? null : List.of(audience),
                                "expirationSeconds",
                                seconds,
                                "boundObjectRef",
                                Trees.map("kind", "Pod", "apiVersion", "v1", "name", pod.name(), "uid", pod.uid()))));
        var text = answer.status().get("token").string();
        var expires =
                Timestamps.parse(answer.status().get("expirationTimestamp").string());
        tokens.put(
                key,
                new Token(
                        text,
                        now.plusSeconds(Math.max(60, (expires.getEpochSecond() - now.getEpochSecond()) * 4 / 5))));
        return text;
    }

    private static void emptyDir(Path directory, View source, View pod) throws IOException {
        if (Files.exists(directory)) return;
        Files.createDirectories(directory);
        if (source.get("medium").string().equals("Memory")) {
            Command.run(List.of("mount", "-t", "tmpfs", "-o", "mode=0777", "tmpfs", directory.toString()));
        }
        mode(directory, 0777);
        own(directory, pod);
    }

    private static void hostPath(View source) throws IOException {
        var path = Path.of(source.get("path").string());
        switch (source.get("type").string()) {
            case "DirectoryOrCreate" -> Files.createDirectories(path);
            case "FileOrCreate" -> {
                if (!Files.exists(path)) Files.createFile(path);
            }
            case "Directory" -> require(Files.isDirectory(path), "directory", path);
            case "File" -> require(Files.isRegularFile(path), "file", path);
            default -> {}
        }
    }

    private static void require(boolean holds, String what, Path path) {
        if (!holds)
            throw new Environment.UnresolvedException("hostPath type check failed: " + path + " is not a " + what);
    }

    private static void replace(Path directory, Map<String, File> files, View pod) throws IOException {
        Files.createDirectories(directory);
        var data = directory.resolve("..data");
        if (Files.exists(data) && same(data, files)) return;
        var fresh = Files.createTempDirectory(directory, "..");
        mode(fresh, 0755);
        for (var entry : files.entrySet()) {
            var file = fresh.resolve(entry.getKey()).normalize();
            if (!file.startsWith(fresh)) throw new IOException("path " + entry.getKey() + " leads out of the volume");
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue().content);
            mode(file, entry.getValue().mode);
            own(file, pod);
        }
        var old =
                Files.exists(data, LinkOption.NOFOLLOW_LINKS) ? directory.resolve(Files.readSymbolicLink(data)) : null;
        var link = directory.resolve("..data_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var wanted = new ArrayList<String>();
        for (var name : files.keySet()) {
            var top = name.split("/")[0];
            if (!wanted.contains(top)) wanted.add(top);
            var visible = directory.resolve(top);
            if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS))
                Files.createSymbolicLink(visible, Path.of("..data", top));
        }
        try (var list = Files.list(directory)) {
            for (var path : list.toList()) {
                var name = path.getFileName().toString();
                if (!name.startsWith("..") && !wanted.contains(name)) Files.delete(path);
            }
        }
        if (old != null) delete(old);
    }

    private static boolean same(Path data, Map<String, File> files) throws IOException {
        for (var entry : files.entrySet()) {
            var file = data.resolve(entry.getKey());
            if (!Files.exists(file) || !java.util.Arrays.equals(Files.readAllBytes(file), entry.getValue().content))
                return false;
        }
        try (var walk = Files.walk(data.toRealPath())) {
            return walk.filter(Files::isRegularFile).count() == files.size();
        }
    }

    private static void own(Path path, View pod) throws IOException {
        var group = pod.spec().get("securityContext", "fsGroup");
        if (!group.exists()) return;
        Files.setAttribute(path, "unix:gid", group.intOr(0), LinkOption.NOFOLLOW_LINKS);
    }

    private static void mode(Path path, int mode) throws IOException {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        var all = new PosixFilePermission[] {
            PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
        };
        for (int bit = 0; bit < 9; bit++) if ((mode & 1 << bit) != 0) permissions.add(all[bit]);
        Files.setPosixFilePermissions(path, permissions);
    }

    private void hosts(View pod) throws IOException {
        if (pod.spec().get("hostNetwork").bool()) return;
        Files.createDirectories(podDirectory(pod.uid()));
        var file = podDirectory(pod.uid()).resolve("etc-hosts");
        if (!Files.exists(file))
            Files.writeString(
                    file,
                    "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    }

    /// Completes the hosts file once the pod has its address.
    void writeHosts(View pod, String address) {
        if (pod.spec().get("hostNetwork").bool() || address.isEmpty()) return;
        var text = new StringBuilder(
                "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        var hostname = ContainerConfigs.hostname(pod);
        var subdomain = pod.spec().get("subdomain").string();
        text.append(address).append('\t');
        if (!subdomain.isEmpty())
            text.append(hostname)
                    .append('.')
                    .append(subdomain)
                    .append('.')
                    .append(pod.namespace())
                    .append(".svc.")
                    .append(config.clusterDomain())
                    .append('\t');
        text.append(hostname).append('\n');
        if (!pod.spec().get("hostAliases").list().isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
            for (var alias : pod.spec().get("hostAliases").views())
                text.append(alias.get("ip").string())
                        .append('\t')
                        .append(String.join("\t", alias.get("hostnames").strings()))
                        .append('\n');
        }
        try {
            // Written in place: containers have this very file mounted.
            Files.createDirectories(podDirectory(pod.uid()));
            Files.writeString(podDirectory(pod.uid()).resolve("etc-hosts"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path terminationLog(View pod, String container, int attempt) {
        return podDirectory(pod.uid()).resolve("containers").resolve(container).resolve(String.valueOf(attempt));
    }

    List<Mount> mounts(View pod, View container, int attempt, Map<String, String> environment) {
        var result = new ArrayList<Mount>();
        for (var mount : container.get("volumeMounts").views()) {
            var volume =
                    pod.spec().get("volumes").find("name", mount.get("name").string());
            var source = source(pod, volume);
            var sub = mount.get("subPathExpr").exists()
                    ? Environment.expand(mount.get("subPathExpr").string(), environment)
                    : mount.get("subPath").string();
            if (!sub.isEmpty()) source = subPath(source, sub);
            var path = mount.get("mountPath").string();
            result.add(Mount.newBuilder()
                    .setContainerPath(path.startsWith("/") ? path : "/" + path)
                    .setHostPath(source.toString())
                    .setReadonly(mount.get("readOnly").bool())
                    .setPropagation(
                            switch (mount.get("mountPropagation").string()) {
                                case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                                case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
                                default -> MountPropagation.PROPAGATION_PRIVATE;
                            })
                    .build());
        }
        try {
            var log = terminationLog(pod, container.get("name").string(), attempt);
            Files.createDirectories(log.getParent());
            if (!Files.exists(log)) Files.createFile(log);
            mode(log, 0666);
            result.add(Mount.newBuilder()
                    .setContainerPath(container.get("terminationMessagePath").stringOr("/dev/termination-log"))
                    .setHostPath(log.toString())
                    .build());
            boolean ownHosts = container
                    .get("volumeMounts")
                    .find("mountPath", "/etc/hosts")
                    .exists();
            if (!pod.spec().get("hostNetwork").bool() && !ownHosts) {
                result.add(Mount.newBuilder()
                        .setContainerPath("/etc/hosts")
                        .setHostPath(
                                podDirectory(pod.uid()).resolve("etc-hosts").toString())
                        .build());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    private static Path subPath(Path source, String sub) {
        var path = source.resolve(sub).normalize();
        try {
            if (!path.startsWith(source)) throw new IOException("subPath " + sub + " leads out of the volume");
            // A single file of a ConfigMap is mounted as it is now.
            if (Files.exists(path)) return path.toRealPath();
            Files.createDirectories(path);
            mode(path, 0777);
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path source(View pod, View volume) {
        var name = volume.get("name").string();
        if (volume.get("hostPath").exists())
            return Path.of(volume.get("hostPath", "path").string());
        if (volume.get("emptyDir").exists()) return directory(pod, "empty-dir", name);
        if (volume.get("configMap").exists()) return directory(pod, "configmap", name);
        if (volume.get("secret").exists()) return directory(pod, "secret", name);
        if (volume.get("downwardAPI").exists()) return directory(pod, "downward-api", name);
        return directory(pod, "projected", name);
    }

    /// Removes everything of a pod, mounts included.
    void remove(String uid) {
        var directory = podDirectory(uid);
        tokens.keySet().removeIf(key -> key.startsWith(uid + "/"));
        if (!Files.exists(directory)) return;
        try {
            for (var line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                var target = line.split(" ")[1];
                if (target.startsWith(directory + "/")) Command.run(List.of("umount", target));
            }
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            for (var each : walk.sorted(java.util.Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }
}
