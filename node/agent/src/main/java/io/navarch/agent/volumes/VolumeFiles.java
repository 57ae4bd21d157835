package io.navarch.agent.volumes;

import io.navarch.agent.decide.Environment;
import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.model.DownwardAPIVolumeFile;
import io.navarch.model.KeyToPath;
import io.navarch.model.Pod;
import io.navarch.model.ServiceAccountTokenProjection;
import io.navarch.model.Volume;
import io.navarch.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which files the volumes of a pod consist of that hold ConfigMaps, Secrets, tokens and the downward API.
///
/// @param tokens the service account tokens that the pod asks for
record VolumeFiles(Pod pod, Environment environment, Map<ServiceAccountTokenProjection, String> tokens) {
    private static final int DEFAULT_MODE = 0644;
    private static final int OWNER_ONLY = 0600;

    /// Files by path below the volume.
    ///
    /// @throws UnresolvedException when something is referred to that is not there
    Map<String, FileContent> of(Volume volume) {
        var files = new TreeMap<String, FileContent>();
        if (volume.hasConfigMap()) {
            var source = volume.configMap();
            int mode = source.defaultModeOr(DEFAULT_MODE);
            configMap(source.name(), source.items(), source.optional(), mode, files);
        } else if (volume.hasSecret()) {
            var source = volume.secret();
            int mode = source.defaultModeOr(DEFAULT_MODE);
            secret(source.secretName(), source.items(), source.optional(), mode, files);
        } else if (volume.hasDownwardAPI()) {
            var source = volume.downwardAPI();
            downward(source.items(), source.defaultModeOr(DEFAULT_MODE), files);
        } else if (volume.hasProjected()) {
            int mode = volume.projected().defaultModeOr(DEFAULT_MODE);
            for (var source : volume.projected().sources()) projected(source, mode, files);
        } else {
            throw new UnresolvedException(
                    "volume \"" + volume.name() + "\" of type " + type(volume) + " is not supported by this node");
        }
        return files;
    }

    private static String type(Volume volume) {
        return volume.view().map().keySet().stream()
                .filter(field -> !field.equals(Volume.NAME))
                .findFirst()
                .orElse("");
    }

    private void projected(VolumeProjection source, int mode, Map<String, FileContent> files) {
        // Without what it trusts, or is known by, a program might do without.
        if (source.hasClusterTrustBundle() || source.hasPodCertificate())
            throw new UnresolvedException("projected trust bundles and certificates are not supported by this node");
        if (source.hasConfigMap()) {
            var map = source.configMap();
            configMap(map.name(), map.items(), map.optional(), mode, files);
        }
        if (source.hasSecret()) {
            var secret = source.secret();
            secret(secret.name(), secret.items(), secret.optional(), mode, files);
        }
        if (source.hasDownwardAPI()) downward(source.downwardAPI().items(), mode, files);
        if (source.hasServiceAccountToken()) {
            var wanted = source.serviceAccountToken();
            var user = FileOwner.userOf(pod);
            // Who is known to read it is the only one who can; with a group, its members are.
            boolean own = user.isPresent() || pod.spec().securityContext().hasFsGroup();
            var text = tokens.getOrDefault(wanted, "").getBytes(StandardCharsets.UTF_8);
            files.put(wanted.path(), new FileContent(text, own ? OWNER_ONLY : mode, user));
        }
    }

    private void configMap(
            String name, List<KeyToPath> items, boolean optional, int mode, Map<String, FileContent> files) {
        var map = environment.references().configMap(name);
        if (!map.exists()) {
            missing("configmap", name, optional);
            return;
        }
        var contents = new HashMap<>(map.binaryData());
        map.data().forEach((key, value) -> contents.put(key, value.getBytes(StandardCharsets.UTF_8)));
        put(contents, items, optional, "config", mode, files);
    }

    private void secret(
            String name, List<KeyToPath> items, boolean optional, int mode, Map<String, FileContent> files) {
        var secret = environment.references().secret(name);
        if (!secret.exists()) {
            missing("secret", name, optional);
            return;
        }
        put(secret.data(), items, optional, "secret", mode, files);
    }

    private static void missing(String what, String name, boolean optional) {
        if (!optional) throw new UnresolvedException(what + " \"" + name + "\" not found");
    }

    private static void put(
            Map<String, byte[]> contents,
            List<KeyToPath> items,
            boolean optional,
            String what,
            int mode,
            Map<String, FileContent> files) {
        if (items.isEmpty()) contents.forEach((key, value) -> files.put(key, new FileContent(value, mode)));
        for (var item : items) {
            var content = contents.get(item.key());
            if (content != null) files.put(item.path(), new FileContent(content, item.modeOr(mode)));
            else if (!optional)
                throw new UnresolvedException("references non-existent " + what + " key: " + item.key());
        }
    }

    private void downward(List<DownwardAPIVolumeFile> items, int mode, Map<String, FileContent> files) {
        for (var item : items) {
            var reference = item.resourceFieldRef();
            var text = item.hasFieldRef()
                    ? environment.field(item.fieldRef().fieldPath())
                    : environment.resource(PodLifecycle.spec(pod, reference.containerName()), reference);
            files.put(item.path(), FileContent.of(text, item.modeOr(mode)));
        }
    }
}
