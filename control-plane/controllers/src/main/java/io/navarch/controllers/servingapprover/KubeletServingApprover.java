package io.navarch.controllers.servingapprover;

import io.navarch.client.Caches;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import io.navarch.kinds.certificatesigningrequest.RequestAnswer;
import io.navarch.kinds.certificatesigningrequest.RequestProgress;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.Node;
import io.navarch.model.NodeAddress;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Approves what nodes ask for to serve with, as long as it says no more than their own name and the addresses that
/// their Node has. Kubernetes leaves this to administrators, because nodes say themselves which addresses they have;
/// whoever believes them switches this on.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/#certificate-rotation
public final class KubeletServingApprover implements Controller<KubeletServingApprover.Seen> {
    public static final String NAME = "kubelet-serving-approver";

    private static final String GROUP = Resources.CERTIFICATE_SIGNING_REQUESTS.group();
    private static final String NODE_USER = "system:node:";
    private static final String NODES = "system:nodes";

    /// A node reports its addresses soon after it has asked.
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /// @param node the one that asks
    public record Seen(CertificateSigningRequest request, Node node) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of(NAME)
                .watches(Resources.CERTIFICATE_SIGNING_REQUESTS, Controller::self)
                .reads(Resources.NODES)
                .may(GROUP, "certificatesigningrequests/approval", "update")
                .may(GROUP, "signers", "approve")
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var request = caches.of(Resources.CERTIFICATE_SIGNING_REQUESTS).get(key);
        if (!request.exists() || !request.spec().signerName().equals(Signers.KUBELET_SERVING)) return Optional.empty();
        var user = request.spec().username();
        if (!user.startsWith(NODE_USER)) return Optional.empty();
        var node = new ObjectKey("", user.substring(NODE_USER.length()));
        return Optional.of(new Seen(request, caches.of(Resources.NODES).get(node)));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var request = seen.request;
        if (!RequestProgress.of(request).equals(new RequestProgress.Waiting(false))) return Decision.NOTHING;
        if (!believed(seen)) return Decision.builder().requeueAfter(AGAIN).build();
        var approved = RequestAnswer.approved(
                request, "AutoApproved", "The request says nothing but the names of the node that made it.", now);
        return Decision.of(new Action.Update(Resources.CERTIFICATE_SIGNING_REQUESTS, approved, "approval"));
    }

    private static boolean believed(Seen seen) {
        var spec = seen.request.spec();
        if (!seen.node.exists() || !spec.groups().contains(NODES)) return false;
        CertificateRequest asked;
        try {
            asked = CertificateRequest.parse(spec.request());
        } catch (IllegalArgumentException e) {
            return false;
        }
        boolean own = asked.commonName().equals(spec.username())
                && asked.organizations().equals(List.of(NODES));
        var names = asked.names();
        return own
                && names.emails().isEmpty()
                && names.uris().isEmpty()
                && known(seen.node).containsAll(names.dns())
                && known(seen.node).containsAll(names.addresses());
    }

    private static Set<String> known(Node node) {
        var addresses = node.status().addresses().stream().map(NodeAddress::address);
        return Stream.concat(Stream.of(node.name()), addresses).collect(Collectors.toSet());
    }
}
