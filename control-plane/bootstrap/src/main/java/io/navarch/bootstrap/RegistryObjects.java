package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.ClusterRole;
import io.navarch.model.ClusterRoleBinding;
import io.navarch.model.Protocol;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.SubjectKind;
import io.navarch.objects.ApiException;
import io.navarch.objects.IntOrString;
import io.navarch.objects.ObjectKey;
import java.util.List;

/// By what pods find the cluster's registry, and who may do what in it: whoever may view or edit a namespace may pull
/// from or push to its repositories, and nodes may pull every image. What exists is left as it is.
///
/// @param key of its Service
/// @param group of the resources by which permissions name repositories and images
public record RegistryObjects(Client admin, ObjectKey key, String group, String repositories, String images) {
    private static final String VIEW = "navarch:registry-view";
    private static final String EDIT = "navarch:registry-edit";
    private static final String NODE = "navarch:registry-node";
    private static final String NODES = "system:nodes";
    private static final int HTTPS = 443;

    /// @param address where it listens
    public void apply(String address, int port) {
        if (!admin.find(Resources.SERVICES, key).exists()) admin.create(Resources.SERVICES, service(port));
        ServiceEndpoints.https(key, address, port).apply(admin);
        role(VIEW, "view", repositories, List.of("get", "list"));
        role(EDIT, "edit", repositories, List.of("create", "delete", "get", "list"));
        role(NODE, "", images, List.of("get"));
        if (admin.find(Resources.CLUSTER_ROLE_BINDINGS, new ObjectKey("", NODE)).exists()) return;
        var rbac = Resources.CLUSTER_ROLES.group();
        admin.create(
                Resources.CLUSTER_ROLE_BINDINGS,
                ClusterRoleBinding.builder()
                        .metadata(metadata -> metadata.name(NODE))
                        .roleRef(role -> role.apiGroup(rbac)
                                .kind(Resources.CLUSTER_ROLES.kind())
                                .name(NODE))
                        .addSubjects(nodes ->
                                nodes.apiGroup(rbac).kind(SubjectKind.GROUP).name(NODES))
                        .build());
    }

    private Service service(int port) {
        return Service.builder()
                .metadata(metadata -> metadata.name(key.name()).namespace(key.namespace()))
                .spec(spec -> spec.addPorts(each ->
                        each.name("https").port(HTTPS).protocol(Protocol.TCP).targetPort(IntOrString.of(port))))
                .build();
    }

    /// @param into the role that is to have these permissions, too; `""` for none
    private void role(String name, String into, String resource, List<String> verbs) {
        if (admin.find(Resources.CLUSTER_ROLES, new ObjectKey("", name)).exists()) return;
        var role = ClusterRole.builder()
                .metadata(metadata -> {
                    metadata.name(name);
                    if (!into.isEmpty()) metadata.putLabels("rbac.authorization.k8s.io/aggregate-to-" + into, "true");
                })
                .addRules(
                        rule -> rule.addApiGroups(group).addResources(resource).verbs(verbs));
        try {
            admin.create(Resources.CLUSTER_ROLES, role.build());
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
    }
}
