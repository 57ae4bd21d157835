package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What a source of storage must be that a pod's volume and a persistent volume both can name: disks, shares, drivers.
public final class StorageSourceRules {
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}-.]+)(:[^,;*&$|\\s]+)");
    private static final Pattern EUI = Pattern.compile("eui.[\\p{Alnum}]{16}");
    private static final Pattern NAA = Pattern.compile("naa.[\\p{Alnum}]{32}");
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]*):[^:\\[\\]]*");

    private static final Set<String> PATH_TYPES =
            Set.of("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

    /// Fields that a source cannot do without, as the errors name them.
    private record Needed(String source, String shownAs, List<String> fields) {}

    private static final List<Needed> NEEDED = List.of(
            new Needed("gcePersistentDisk", "persistentDisk", List.of("pdName")),
            new Needed("awsElasticBlockStore", "awsElasticBlockStore", List.of("volumeID")),
            new Needed("gitRepo", "gitRepo", List.of("repository")),
            new Needed("nfs", "nfs", List.of("server", "path")),
            new Needed("glusterfs", "glusterfs", List.of("endpoints", "path")),
            new Needed("rbd", "rbd", List.of("monitors", "image")),
            new Needed("cephfs", "cephfs", List.of("monitors")),
            new Needed("cinder", "cinder", List.of("volumeID")),
            new Needed("flexVolume", "flexVolume", List.of("driver")),
            new Needed("azureFile", "azureFile", List.of("secretName", "shareName")),
            new Needed("azureDisk", "azureDisk", List.of("diskName", "diskURI")),
            new Needed("vsphereVolume", "vsphereVolume", List.of("volumePath")),
            new Needed("photonPersistentDisk", "photonPersistentDisk", List.of("pdID")),
            new Needed("portworxVolume", "portworxVolume", List.of("volumeID")),
            new Needed("quobyte", "quobyte", List.of("volume")),
            new Needed("scaleIO", "scaleIO", List.of("gateway", "system", "volumeName")),
            new Needed("iscsi", "iscsi", List.of("targetPortal", "iqn")),
            new Needed("local", "local", List.of("path")),
            new Needed("hostPath", "hostPath", List.of("path")));

    private StorageSourceRules() {}

    /// @param volume what has the source as one of its fields
    public static void check(View volume, String path, Check check) {
        for (var needed : NEEDED) {
            var source = volume.get(needed.source());
            if (!source.exists()) continue;
            for (var field : needed.fields())
                check.required(source.get(field), path + "." + needed.shownAs() + "." + field);
        }
        partition(volume.get("gcePersistentDisk"), path + ".persistentDisk", check);
        partition(volume.get("awsElasticBlockStore"), path + ".awsElasticBlockStore", check);
        var nfs = volume.get("nfs", "path").string();
        if (volume.get("nfs").exists() && !nfs.startsWith("/"))
            check.add(FieldError.invalid(path + ".nfs.path", nfs, "must be an absolute path"));
        if (volume.get("gitRepo").exists())
            relative(volume.get("gitRepo", "directory").string(), path + ".gitRepo.directory", check);
        if (volume.get("hostPath").exists()) hostPath(volume.get("hostPath"), path + ".hostPath", check);
        noBacksteps(volume.get("local", "path").string(), path + ".local.path", check);
        if (volume.get("iscsi").exists()) iscsi(volume.get("iscsi"), path + ".iscsi", check);
        if (volume.get("fc").exists()) fibreChannel(volume.get("fc"), path + ".fc", check);
        if (volume.get("flocker").exists()) flocker(volume.get("flocker"), path + ".flocker", check);
        if (volume.get("quobyte").exists()) quobyte(volume.get("quobyte"), path + ".quobyte", check);
        if (volume.get("azureDisk").exists()) azureDisk(volume.get("azureDisk"), path + ".azureDisk", check);
        if (volume.get("storageos").exists()) storageOs(volume.get("storageos"), path + ".storageos", check);
    }

    private static void partition(View disk, String path, Check check) {
        long partition = disk.get("partition").longOr(0);
        if (partition < 0 || partition > 255)
            check.add(FieldError.invalid(path + ".partition", partition, "must be between 1 and 255, inclusive"));
    }

    private static void hostPath(View source, String path, Check check) {
        noBacksteps(source.get("path").string(), path + ".path", check);
        if (!PATH_TYPES.contains(source.get("type").string()))
            check.add(FieldError.notSupported(path + ".type", source.get("type").string(), PATH_TYPES));
    }

    /// A path that stays below where it starts.
    public static void relative(String target, String path, Check check) {
        if (target.startsWith("/")) check.add(FieldError.invalid(path, target, "must be a relative path"));
        noBacksteps(target, path, check);
    }

    public static void noBacksteps(String target, String path, Check check) {
        if (List.of(target.split("/")).contains(".."))
            check.add(FieldError.invalid(path, target, "must not contain '..'"));
    }

    private static void iscsi(View source, String path, Check check) {
        var name = source.get("iqn").string();
        if (!name.isEmpty()) qualifiedName(name, path + ".iqn", check);
        var initiator = source.get("initiatorName");
        if (initiator.exists()) qualifiedName(initiator.string(), path + ".initiatorname", check);
        long lun = source.get("lun").longOr(0);
        if (lun < 0 || lun > 255)
            check.add(FieldError.invalid(path + ".lun", lun, "must be between 0 and 255, inclusive"));
        boolean chap = source.get("chapAuthDiscovery").bool()
                || source.get("chapAuthSession").bool();
        if (chap && !source.get("secretRef").exists()) check.add(FieldError.required(path + ".secretRef"));
    }

    private static void qualifiedName(String name, String path, Check check) {
        var shape = name.startsWith("iqn") ? IQN : name.startsWith("eui") ? EUI : name.startsWith("naa") ? NAA : null;
        if (shape == null)
            check.add(FieldError.invalid(path, name, "must be valid format starting with iqn, eui, or naa"));
        else if (!shape.matcher(name).matches()) check.add(FieldError.invalid(path, name, "must be valid format"));
    }

    private static void fibreChannel(View source, String path, Check check) {
        var targets = source.get("targetWWNs").list();
        var wide = source.get("wwids").list();
        if (targets.isEmpty() && wide.isEmpty())
            check.add(
                    FieldError.required(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both"));
        if (!targets.isEmpty() && !wide.isEmpty())
            check.add(FieldError.invalid(
                    path + ".targetWWNs", targets, "targetWWNs and wwids can not be specified simultaneously"));
        if (targets.isEmpty()) return;
        var lun = source.get("lun");
        if (!lun.exists()) check.add(FieldError.required(path + ".lun", "lun is required if targetWWNs is specified"));
        else if (lun.longOr(0) < 0 || lun.longOr(0) > 255)
            check.add(FieldError.invalid(path + ".lun", lun.value(), "must be between 0 and 255, inclusive"));
    }

    private static void flocker(View source, String path, Check check) {
        var name = source.get("datasetName").string();
        var id = source.get("datasetUUID").string();
        if (name.isEmpty() && id.isEmpty())
            check.add(FieldError.required(path, "one of datasetName and datasetUUID is required"));
        if (!name.isEmpty() && !id.isEmpty())
            check.add(FieldError.invalid(
                    path, "resource", "datasetName and datasetUUID can not be specified simultaneously"));
        if (name.contains("/")) check.add(FieldError.invalid(path + ".datasetName", name, "must not contain '/'"));
    }

    private static void quobyte(View source, String path, Check check) {
        var wanted = "must be a host:port pair or multiple pairs separated by commas";
        var registry = source.get("registry").string();
        if (registry.isEmpty()) check.add(FieldError.required(path + ".registry", wanted));
        else if (source.get("tenant").string().length() >= 65)
            check.add(FieldError.required(
                    path + ".tenant", "must be a UUID and may not exceed a length of 64 characters"));
        else
            for (var pair : registry.split(",", -1))
                if (!HOST_PORT.matcher(pair).matches())
                    check.add(FieldError.invalid(path + ".registry", registry, wanted));
    }

    private static void azureDisk(View source, String path, Check check) {
        check.oneOf(source.get("cachingMode"), path + ".cachingMode", Set.of("None", "ReadOnly", "ReadWrite"));
        check.oneOf(source.get("kind"), path + ".kind", Set.of("Shared", "Dedicated", "Managed"));
        var uri = source.get("diskURI").string();
        boolean managed = source.get("kind").string().equals("Managed");
        if (managed && !uri.startsWith("/subscriptions/"))
            check.add(
                    FieldError.notSupported(
                            path + ".diskURI",
                            uri,
                            Set.of(
                                    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}")));
        if (!managed && !uri.startsWith("https://"))
            check.add(FieldError.notSupported(
                    path + ".diskURI",
                    uri,
                    Set.of("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd")));
    }

    private static void storageOs(View source, String path, Check check) {
        var name = source.get("volumeName").string();
        if (check.required(source.get("volumeName"), path + ".volumeName"))
            check.name(name, path + ".volumeName", Names.dnsLabel(name));
        var namespace = source.get("volumeNamespace").string();
        if (!namespace.isEmpty()) check.name(namespace, path + ".volumeNamespace", Names.dnsLabel(namespace));
        if (source.get("secretRef").exists()) check.required(source.get("secretRef", "name"), path + ".secretRef.name");
    }

    /// A CSI driver's name.
    public static void driver(View name, String path, Check check) {
        check.required(name, path);
        var text = name.string();
        if (text.length() > 63) check.add(FieldError.tooLong(path, "may not be more than 63 bytes"));
        var lower = text.toLowerCase(java.util.Locale.ROOT);
        check.name(text, path, Names.dnsSubdomain(lower));
    }
}
