package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.AWSElasticBlockStoreVolumeSource;
import io.navarch.model.AzureDiskVolumeSource;
import io.navarch.model.AzureFileVolumeSource;
import io.navarch.model.CephFSVolumeSource;
import io.navarch.model.CinderVolumeSource;
import io.navarch.model.FCVolumeSource;
import io.navarch.model.FlexVolumeSource;
import io.navarch.model.FlockerVolumeSource;
import io.navarch.model.GCEPersistentDiskVolumeSource;
import io.navarch.model.GitRepoVolumeSource;
import io.navarch.model.GlusterfsVolumeSource;
import io.navarch.model.HostPathVolumeSource;
import io.navarch.model.ISCSIVolumeSource;
import io.navarch.model.LocalVolumeSource;
import io.navarch.model.NFSVolumeSource;
import io.navarch.model.PersistentVolumeSpec;
import io.navarch.model.PhotonPersistentDiskVolumeSource;
import io.navarch.model.PortworxVolumeSource;
import io.navarch.model.QuobyteVolumeSource;
import io.navarch.model.RBDVolumeSource;
import io.navarch.model.ScaleIOVolumeSource;
import io.navarch.model.StorageOSVolumeSource;
import io.navarch.model.Volume;
import io.navarch.model.VsphereVirtualDiskVolumeSource;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a source of storage must be that a pod's volume and a persistent volume both can name: disks, shares, drivers.
public final class StorageSourceRules {
    private static final String MANAGED_DISK =
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
    private static final String UNMANAGED_DISK =
            "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}-.]+)(:[^,;*&$|\\s]+)");
    private static final Pattern EUI = Pattern.compile("eui.[\\p{Alnum}]{16}");
    private static final Pattern NAA = Pattern.compile("naa.[\\p{Alnum}]{32}");
    private static final Map<String, Pattern> QUALIFIED = Map.of("iqn", IQN, "eui", EUI, "naa", NAA);
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]*):[^:\\[\\]]*");

    private static final Set<String> PATH_TYPES =
            Set.of("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

    /// Fields that a source cannot do without.
    ///
    /// @param shownAs what errors call the source
    private record Needed(String source, String shownAs, List<String> fields) {
        static Needed of(String source, String... fields) {
            return new Needed(source, source, List.of(fields));
        }
    }

    private static final List<Needed> NEEDED = List.of(
            new Needed(Volume.GCE_PERSISTENT_DISK, "persistentDisk", List.of(GCEPersistentDiskVolumeSource.PD_NAME)),
            Needed.of(Volume.AWS_ELASTIC_BLOCK_STORE, AWSElasticBlockStoreVolumeSource.VOLUME_ID),
            Needed.of(Volume.GIT_REPO, GitRepoVolumeSource.REPOSITORY),
            Needed.of(Volume.NFS, NFSVolumeSource.SERVER, NFSVolumeSource.PATH),
            Needed.of(Volume.GLUSTERFS, GlusterfsVolumeSource.ENDPOINTS, GlusterfsVolumeSource.PATH),
            Needed.of(Volume.RBD, RBDVolumeSource.MONITORS, RBDVolumeSource.IMAGE),
            Needed.of(Volume.CEPHFS, CephFSVolumeSource.MONITORS),
            Needed.of(Volume.CINDER, CinderVolumeSource.VOLUME_ID),
            Needed.of(Volume.FLEX_VOLUME, FlexVolumeSource.DRIVER),
            Needed.of(Volume.AZURE_FILE, AzureFileVolumeSource.SECRET_NAME, AzureFileVolumeSource.SHARE_NAME),
            Needed.of(Volume.AZURE_DISK, AzureDiskVolumeSource.DISK_NAME, AzureDiskVolumeSource.DISK_URI),
            Needed.of(Volume.VSPHERE_VOLUME, VsphereVirtualDiskVolumeSource.VOLUME_PATH),
            Needed.of(Volume.PHOTON_PERSISTENT_DISK, PhotonPersistentDiskVolumeSource.PD_ID),
            Needed.of(Volume.PORTWORX_VOLUME, PortworxVolumeSource.VOLUME_ID),
            Needed.of(Volume.QUOBYTE, QuobyteVolumeSource.VOLUME),
            Needed.of(
                    Volume.SCALE_IO,
                    ScaleIOVolumeSource.GATEWAY,
                    ScaleIOVolumeSource.SYSTEM,
                    ScaleIOVolumeSource.VOLUME_NAME),
            Needed.of(Volume.ISCSI, ISCSIVolumeSource.TARGET_PORTAL, ISCSIVolumeSource.IQN),
            Needed.of(PersistentVolumeSpec.LOCAL, LocalVolumeSource.PATH),
            Needed.of(Volume.HOST_PATH, HostPathVolumeSource.PATH));

    private StorageSourceRules() {}

    /// A persistent volume's sources have the fields that a pod's have, and some more.
    ///
    /// @param source the one of them to look at
    public static void check(String source, PersistentVolumeSpec spec, String path, Check check) {
        source(source, Volume.of(spec.view()), path, check);
        if (source.equals(PersistentVolumeSpec.LOCAL)) noBacksteps(spec.local().path(), path + ".local.path", check);
    }

    /// One of a volume's sources, when it is there.
    ///
    /// @param field the source's name
    static void source(String field, Volume volume, String path, Check check) {
        if (!volume.raw(field).exists()) return;
        for (var needed : NEEDED) if (needed.source().equals(field)) needed(needed, volume, path, check);
        var at = path + "." + field;
        switch (field) {
            case Volume.GCE_PERSISTENT_DISK ->
                partition(volume.gcePersistentDisk().partition(), path + ".persistentDisk.partition", check);
            case Volume.AWS_ELASTIC_BLOCK_STORE ->
                partition(volume.awsElasticBlockStore().partition(), at + ".partition", check);
            case Volume.NFS -> {
                if (!volume.nfs().path().startsWith("/"))
                    check.invalid(at + ".path", volume.nfs().path(), "must be an absolute path");
            }
            case Volume.GIT_REPO -> relative(volume.gitRepo().directory(), at + ".directory", check);
            case Volume.HOST_PATH -> hostPath(volume.hostPath(), at, check);
            case Volume.ISCSI -> iscsi(volume.iscsi(), at, check);
            case Volume.FC -> fibreChannel(volume.fc(), at, check);
            case Volume.FLOCKER -> flocker(volume.flocker(), at, check);
            case Volume.QUOBYTE -> quobyte(volume.quobyte(), at, check);
            case Volume.AZURE_DISK -> azureDisk(volume.azureDisk(), at, check);
            case Volume.STORAGEOS -> storageOs(volume.storageos(), at, check);
            case Volume.FLEX_VOLUME -> options(volume.flexVolume().options(), at + ".options", check);
            case Volume.CINDER -> {
                var secret = volume.cinder().secretRef();
                if (secret.exists()) check.required(secret.name(), at + ".secretRef.name");
            }
            default -> {}
        }
    }

    private static void needed(Needed needed, Volume volume, String path, Check check) {
        var source = volume.raw(needed.source());
        for (var field : needed.fields())
            check.required(source.get(field), path + "." + needed.shownAs() + "." + field);
    }

    private static void options(Map<String, String> options, String path, Check check) {
        for (var key : options.keySet()) {
            var domain = "." + key.split("/", 2)[0].toLowerCase(Locale.ROOT);
            if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io"))
                check.invalid(path + "[" + key + "]", key, "kubernetes.io and k8s.io namespaces are reserved");
        }
    }

    private static void partition(int partition, String path, Check check) {
        if (partition < 0 || partition > 255) check.invalid(path, partition, "must be between 1 and 255, inclusive");
    }

    private static void hostPath(HostPathVolumeSource source, String path, Check check) {
        if (source.path().isEmpty()) return;
        noBacksteps(source.path(), path + ".path", check);
        var type = source.raw(HostPathVolumeSource.TYPE).string();
        if (!PATH_TYPES.contains(type)) check.notSupported(path + ".type", type, PATH_TYPES);
    }

    /// A path that stays below where it starts.
    public static void relative(String target, String path, Check check) {
        if (target.startsWith("/")) check.invalid(path, target, "must be a relative path");
        noBacksteps(target, path, check);
    }

    public static void noBacksteps(String target, String path, Check check) {
        if (List.of(target.split("/")).contains("..")) check.invalid(path, target, "must not contain '..'");
    }

    private static void iscsi(ISCSIVolumeSource source, String path, Check check) {
        if (!source.iqn().isEmpty()) qualifiedName(source.iqn(), path + ".iqn", check);
        if (source.hasInitiatorName()) qualifiedName(source.initiatorName(), path + ".initiatorname", check);
        check.range(source.lun(), path + ".lun", 0, 255);
        boolean chap = source.chapAuthDiscovery() || source.chapAuthSession();
        if (chap && !source.hasSecretRef()) check.add(FieldError.required(path + ".secretRef"));
    }

    private static void qualifiedName(String name, String path, Check check) {
        var shape = QUALIFIED.get(name.substring(0, Math.min(3, name.length())));
        if (shape == null) check.invalid(path, name, "must be valid format starting with iqn, eui, or naa");
        else if (!shape.matcher(name).matches()) check.invalid(path, name, "must be valid format");
    }

    private static void fibreChannel(FCVolumeSource source, String path, Check check) {
        var targets = source.targetWWNs();
        if (targets.isEmpty() && source.wwids().isEmpty())
            check.missing(path + ".targetWWNs", "must specify either targetWWNs or wwids, but not both");
        if (targets.isEmpty()) return;
        if (!source.wwids().isEmpty())
            check.invalid(path + ".targetWWNs", targets, "targetWWNs and wwids can not be specified simultaneously");
        if (!source.hasLun()) check.missing(path + ".lun", "lun is required if targetWWNs is specified");
        else check.range(source.lun(), path + ".lun", 0, 255);
    }

    private static void flocker(FlockerVolumeSource source, String path, Check check) {
        var name = source.datasetName();
        var id = source.datasetUUID();
        if (name.isEmpty() && id.isEmpty()) check.missing(path, "one of datasetName and datasetUUID is required");
        if (!name.isEmpty() && !id.isEmpty())
            check.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        if (name.contains("/")) check.invalid(path + ".datasetName", name, "must not contain '/'");
    }

    private static void quobyte(QuobyteVolumeSource source, String path, Check check) {
        var wanted = "must be a host:port pair or multiple pairs separated by commas";
        var registry = source.registry();
        if (registry.isEmpty()) {
            check.missing(path + ".registry", wanted);
        } else if (source.tenant().length() >= 65) {
            check.missing(path + ".tenant", "must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (var pair : registry.split(",", -1)) {
                if (!HOST_PORT.matcher(pair).matches()) check.invalid(path + ".registry", registry, wanted);
            }
        }
    }

    private static void azureDisk(AzureDiskVolumeSource source, String path, Check check) {
        check.oneOf(
                source.raw(AzureDiskVolumeSource.CACHING_MODE),
                path + ".cachingMode",
                Set.of("None", "ReadOnly", "ReadWrite"));
        check.oneOf(source.raw(AzureDiskVolumeSource.KIND), path + ".kind", Set.of("Shared", "Dedicated", "Managed"));
        if (!source.hasKind()) return;
        boolean managed = source.kind().equals("Managed");
        if (!source.diskURI().startsWith(managed ? "/subscriptions/" : "https://"))
            check.notSupported(path + ".diskURI", source.diskURI(), Set.of(managed ? MANAGED_DISK : UNMANAGED_DISK));
    }

    private static void storageOs(StorageOSVolumeSource source, String path, Check check) {
        var name = source.volumeName();
        if (check.required(name, path + ".volumeName")) check.name(name, path + ".volumeName", Names.dnsLabel(name));
        var namespace = source.volumeNamespace();
        if (!namespace.isEmpty()) check.name(namespace, path + ".volumeNamespace", Names.dnsLabel(namespace));
        if (source.hasSecretRef()) check.required(source.secretRef().name(), path + ".secretRef.name");
    }

    /// A CSI driver's name.
    public static void driver(String name, String path, Check check) {
        if (!check.required(name, path)) return;
        if (name.length() > 63) check.add(FieldError.tooLong(path, "may not be more than 63 bytes"));
        check.name(name, path, Names.dnsSubdomain(name.toLowerCase(Locale.ROOT)));
    }
}
