package io.navarch.apiserver.access;

import io.navarch.model.Role;
import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Set;

/// What nodes may do: read what their own pods need and nothing else, and keep their own objects.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/node/
public final class NodeAuthorizer implements Authorizer {
    private static final Decision ALLOWED = Decision.allow("");
    private static final Decision NO_OPINION = Decision.noOpinion("");
    private static final String LEASES = "kube-node-lease";
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");

    private final NodeGraph graph;
    private final List<PolicyRule> rules;
    private final String keeper;

    /// @param role what is allowed of resources that are the same for all nodes
    /// @param keeper the label of volumes that says which node keeps them on its disk
    public NodeAuthorizer(NodeGraph graph, Role role, String keeper) {
        this.graph = graph;
        this.keeper = keeper;
        rules = PolicyRule.of(role);
    }

    @Override
    public Rules rules(User user, String namespace) {
        return UserNames.identity(user).isPresent()
                ? new Rules(List.of(), true, "node authorizer does not support user rule resolution")
                : Rules.NONE;
    }

    @Override
    public Decision authorize(AccessAttributes call) {
        var identity = UserNames.identity(call.user());
        if (identity.isEmpty()) return NO_OPINION;
        var node = identity.get();
        if (node.isEmpty()) return no("unknown node for user \"" + call.user().name() + "\"");
        return call.resource() ? resource(node, call) : general(call);
    }

    private Decision resource(String node, AccessAttributes call) {
        var resource = call.group().isEmpty() ? call.kindPlural() : call.kindPlural() + "." + call.group();
        return switch (resource) {
            case "secrets", "configmaps" -> readNamespaced(node, call);
            case "persistentvolumeclaims" ->
                call.subresource().equals("status") ? updateStatus(node, call) : get(node, call);
            case "persistentvolumes" -> volume(node, call);
            case "volumesnapshotcontents.snapshot.storage.k8s.io" -> snapshot(node, call);
            case "resourceclaims.resource.k8s.io", "volumeattachments.storage.k8s.io" -> get(node, call);
            case "serviceaccounts" -> serviceAccount(node, call);
            case "leases.coordination.k8s.io" -> lease(node, call);
            case "csinodes.storage.k8s.io" -> csiNode(node, call);
            case "resourceslices.resource.k8s.io" -> resourceSlice(node, call);
            case "nodes" -> node(node, call);
            case "pods" -> pod(node, call);
            case "podcertificaterequests.certificates.k8s.io" -> NO_OPINION;
            default -> general(call);
        };
    }

    private Decision general(AccessAttributes call) {
        return rules.stream().anyMatch(rule -> rule.allows(call)) ? ALLOWED : NO_OPINION;
    }

    private static Decision no(String reason) {
        return Decision.noOpinion(reason);
    }

    private Decision connected(String node, AccessAttributes call) {
        return graph.connects(node, call.group(), call.kindPlural(), call.namespace(), call.name())
                ? ALLOWED
                : no("no relationship found between node '" + node + "' and this object");
    }

    private Decision named(String node, AccessAttributes call) {
        return call.name().isEmpty() ? no("No Object name found") : connected(node, call);
    }

    private Decision updateStatus(String node, AccessAttributes call) {
        return Set.of("update", "patch").contains(call.verb())
                ? named(node, call)
                : no("can only get/update/patch this type");
    }

    private Decision get(String node, AccessAttributes call) {
        if (!call.verb().equals("get")) return no("can only get individual resources of this type");
        return call.subresource().isEmpty() ? named(node, call) : no("cannot get subresource");
    }

    /// Besides what its pods need, a node looks after what it keeps on its disk.
    private Decision volume(String node, AccessAttributes call) {
        boolean own = call.subresource().isEmpty()
                && switch (call.verb()) {
                    case "list", "watch" -> call.selectors().requireLabel(keeper, node);
                    case "patch" -> graph.keeps(node, call.name());
                    default -> false;
                };
        return own ? ALLOWED : get(node, call);
    }

    /// Which of them a node may change is looked at by NodeRestriction.
    private Decision snapshot(String node, AccessAttributes call) {
        boolean own = switch (call.verb()) {
            case "list", "watch" -> call.selectors().requireLabel(keeper, node);
            case "patch" -> Set.of("", "status").contains(call.subresource());
            default -> false;
        };
        return own ? ALLOWED : no("can only list, watch and patch snapshots that this node keeps");
    }

    private Decision readNamespaced(String node, AccessAttributes call) {
        if (!READ.contains(call.verb())) return no("can only read resources of this type");
        if (!call.subresource().isEmpty()) return no("cannot read subresource");
        return call.namespace().isEmpty() ? no("can only read namespaced object of this type") : named(node, call);
    }

    private Decision serviceAccount(String node, AccessAttributes call) {
        if (call.verb().equals("get") && call.subresource().isEmpty()) return readNamespaced(node, call);
        if (!call.verb().equals("create") || call.name().isEmpty())
            return no("can only create tokens for individual service accounts");
        return call.subresource().equals("token")
                ? connected(node, call)
                : no("can only create token subresource of serviceaccount");
    }

    /// The name of a new object is not known yet; NodeRestriction looks at it.
    private static boolean others(String node, AccessAttributes call) {
        return !call.verb().equals("create") && !call.name().equals(node);
    }

    private static Decision lease(String node, AccessAttributes call) {
        if (!OWN.contains(call.verb())) return no("can only get, create, update, patch, or delete a node lease");
        if (!call.namespace().equals(LEASES))
            return no("can only access leases in the \"" + LEASES + "\" system namespace");
        return others(node, call)
                ? no("can only access node lease with the same name as the requesting node")
                : ALLOWED;
    }

    private static Decision csiNode(String node, AccessAttributes call) {
        if (!OWN.contains(call.verb())) return no("can only get, create, update, patch, or delete a CSINode");
        if (!call.subresource().isEmpty()) return no("cannot authorize CSINode subresources");
        return others(node, call) ? no("can only access CSINode with the same name as the requesting node") : ALLOWED;
    }

    private Decision resourceSlice(String node, AccessAttributes call) {
        if (!call.subresource().isEmpty()) return no("cannot authorize ResourceSlice subresources");
        return switch (call.verb()) {
            case "create" -> ALLOWED;
            case "get", "update", "patch", "delete" -> named(node, call);
            case "watch", "list", "deletecollection" ->
                call.selectors().require("spec.nodeName", node)
                        ? ALLOWED
                        : no("can only list/watch/deletecollection resourceslices with nodeName field selector");
            default ->
                no("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update,"
                        + " patch, delete, deletecollection");
        };
    }

    private static Decision node(String node, AccessAttributes call) {
        return switch (call.subresource() + "/" + call.verb()) {
            case "/create", "/update", "/patch", "status/update", "status/patch" -> ALLOWED;
            case "/get", "/list", "/watch" -> {
                if (call.name().equals(node)) yield ALLOWED;
                yield no(
                        call.name().isEmpty()
                                ? "node '" + node + "' cannot read all nodes, only its own Node object"
                                : "node '" + node + "' cannot read '" + call.name() + "', only its own Node object");
            }
            default -> NO_OPINION;
        };
    }

    private Decision pod(String node, AccessAttributes call) {
        return switch (call.subresource() + "/" + call.verb()) {
            case "/get" -> get(node, call);
            case "/list", "/watch" -> {
                if (call.selectors().require("spec.nodeName", node)) yield ALLOWED;
                yield call.name().isEmpty()
                        ? no("can only list/watch pods with spec.nodeName field selector")
                        : named(node, call);
            }
            case "/create", "/delete", "status/update", "status/patch", "eviction/create" -> ALLOWED;
            default -> NO_OPINION;
        };
    }
}
