package io.navarch.kinds.noderestriction;

import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.TokenRequest;
import io.navarch.model.Volume;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.List;

/// Which tokens a node may ask for: those of accounts of its pods, bound to the pod, for whom the pod talks to.
final class NodeTokens {
    private final Admission.Permission permission;

    NodeTokens(Admission.Permission permission) {
        this.permission = permission;
    }

    void check(Admission.Attributes call, String node, TokenRequest request, Admission.Lookup lookup) {
        var bound = request.spec().boundObjectRef();
        if (!bound.apiVersion().equals("v1")
                || !bound.kind().equals(Resources.PODS.kind())
                || bound.name().isEmpty()) throw refused(call, "node requested token not bound to a pod");
        if (bound.uid().isEmpty()) throw refused(call, "node requested token with a pod binding without a uid");
        var pod = lookup.get(Resources.PODS, call.namespace(), bound.name());
        if (!pod.exists()) throw ApiException.notFound("pod", "", bound.name());
        if (!bound.uid().equals(pod.uid()))
            throw refused(
                    call,
                    "the UID in the bound object reference (" + bound.uid()
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        if (!pod.spec().nodeName().equals(node))
            throw refused(call, "node requested token bound to a pod scheduled on a different node");
        audience(call, request, pod, lookup);
    }

    private void audience(Admission.Attributes call, TokenRequest request, Pod pod, Admission.Lookup lookup) {
        var audiences = request.spec().audiences();
        if (audiences.size() > 1) throw refused(call, "node may only request 0 or 1 audiences");
        var audience = audiences.isEmpty() ? "" : audiences.getFirst();
        var missing = new ArrayList<String>();
        for (var volume : pod.spec().volumes()) if (names(pod, volume, audience, lookup, missing)) return;
        if (!missing.isEmpty())
            throw refused(
                    call,
                    "error validating audience " + GoText.quoted(audience) + ": "
                            + (missing.size() == 1 ? missing.getFirst() : "[" + String.join(", ", missing) + "]"));
        if (permission.allows(
                call, "request-serviceaccounts-token-audience", "", audience, call.namespace(), call.name())) return;
        throw refused(
                call,
                "audience " + GoText.quoted(audience) + " not found in pod spec volume, " + call.user()
                        + " is not authorized to request tokens for this audience");
    }

    /// Whether a volume of the pod, or the driver of one, is for this audience.
    ///
    /// @param missing what could not be looked at because it is not there
    private static boolean names(
            Pod pod, Volume volume, String audience, Admission.Lookup lookup, List<String> missing) {
        for (var source : volume.projected().sources())
            if (source.hasServiceAccountToken()
                    && source.serviceAccountToken().audience().equals(audience)) return true;
        var name = driver(pod, volume, lookup, missing);
        if (name.isEmpty()) return false;
        var driver = lookup.get(Resources.CSI_DRIVERS, "", name);
        if (!driver.exists()) missing.add("csidriver.storage.k8s.io " + GoText.quoted(name) + " not found");
        return driver.spec().tokenRequests().stream()
                .anyMatch(each -> each.audience().equals(audience));
    }

    private static String driver(Pod pod, Volume volume, Admission.Lookup lookup, List<String> missing) {
        if (volume.hasCsi()) return volume.csi().driver();
        var name = volume.hasEphemeral()
                ? pod.name() + "-" + volume.name()
                : volume.persistentVolumeClaim().claimName();
        if (name.isEmpty()) return "";
        var claim = lookup.get(Resources.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), name);
        if (!claim.exists()) missing.add("persistentvolumeclaim " + GoText.quoted(name) + " not found");
        if (!claim.exists()) return "";
        var bound = lookup.get(Resources.PERSISTENT_VOLUMES, "", claim.spec().volumeName());
        if (!bound.exists())
            missing.add("persistentvolume " + GoText.quoted(claim.spec().volumeName()) + " not found");
        return bound.spec().csi().driver();
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return Refusal.of(call, why);
    }
}
