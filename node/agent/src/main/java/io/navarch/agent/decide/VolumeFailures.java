package io.navarch.agent.decide;

/// Why a pod's volumes are not there, in the words of the Event `FailedMount`.
public final class VolumeFailures {
    /// Of a volume whose files could not be put where they belong.
    public static final String SET_UP = "MountVolume.SetUp failed";

    /// The same of a volume that is a device.
    public static final String MAP = "MapVolume.MapPodDevice failed";

    private VolumeFailures() {}

    /// The reason of the Event that tells of it.
    public static String reason(UnresolvedException failure) {
        return String.valueOf(failure.getMessage()).startsWith("MapVolume.") ? "FailedMapVolume" : "FailedMount";
    }

    /// It is not known what a volume is.
    public static UnresolvedException unknown(String volume, String why) {
        return new UnresolvedException("Unable to attach or mount volumes: unmounted volumes=[" + volume
                + "], unattached volumes=[], failed to process volumes=[" + volume + "]: " + why);
    }

    /// It has not come in time.
    public static UnresolvedException unmounted(String volume, String why) {
        return new UnresolvedException("Unable to attach or mount volumes: unmounted volumes=[" + volume
                + "], unattached volumes=[], failed to process volumes=[]: " + why);
    }

    /// It is known, and one step did not work.
    ///
    /// @param volume the persistent volume, or the pod's own
    public static UnresolvedException failed(String step, String volume, String why) {
        return new UnresolvedException(step + " for volume \"" + volume + "\" : " + why);
    }
}
