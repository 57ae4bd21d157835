package io.navarch.schema.subresource;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import io.navarch.schema.walk.GoTypeErrors;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// `DeleteOptions`: what a client says about a deletion.
///
/// @param gracePeriod empty when the client leaves it to the object
/// @param uid the only identity that may be deleted, or `""`
/// @param resourceVersion the only version that may be deleted, or `""`
/// @param propagation one of the policies, or `""`
public record DeleteOptions(
        OptionalLong gracePeriod, String uid, String resourceVersion, String propagation, boolean dryRun) {
    /// Of whoever says nothing.
    public static final DeleteOptions NONE = new DeleteOptions(OptionalLong.empty(), "", "", "", false);

    public static final String ORPHAN = "Orphan";
    public static final String BACKGROUND = "Background";
    public static final String FOREGROUND = "Foreground";

    private static final String PROPAGATION = "propagationPolicy";
    private static final String ORPHANS = "orphanDependents";
    private static final String GRACE = "gracePeriodSeconds";
    private static final String DRY_RUN = "dryRun";

    private static final Schema SCHEMA = Schema.object(Map.of(
            GRACE,
            SchemaBuilder.of(Schema.Type.INTEGER).format("int64").build(),
            ORPHANS,
            Schema.of(Schema.Type.BOOLEAN),
            PROPAGATION,
            SchemaBuilder.string("").goType("v1.DeletionPropagation").build(),
            DRY_RUN,
            Schema.list(Schema.string("")),
            "ignoreStoreReadErrorWithClusterBreakingPotential",
            Schema.of(Schema.Type.BOOLEAN),
            "preconditions",
            SchemaBuilder.reference(
                            "V1Preconditions",
                            () -> Schema.object(Map.of(
                                    "uid",
                                            SchemaBuilder.string("")
                                                    .goType("types.UID")
                                                    .build(),
                                    "resourceVersion", Schema.string(""))))
                    .build()));

    /// These options as an object.
    public Map<String, Object> tree() {
        var tree = Trees.map("kind", "DeleteOptions", "apiVersion", "meta.k8s.io/v1");
        gracePeriod.ifPresent(seconds -> tree.put(GRACE, seconds));
        if (!uid.isEmpty()) Trees.put(tree, uid, "preconditions", "uid");
        if (!resourceVersion.isEmpty()) Trees.put(tree, resourceVersion, "preconditions", "resourceVersion");
        if (!propagation.isEmpty()) tree.put(PROPAGATION, propagation);
        if (dryRun) tree.put(DRY_RUN, List.of("All"));
        return tree;
    }

    /// Reads the options that were sent as a body, or those of the query where there is no body.
    ///
    /// @throws ApiException 400 or 422 for values that cannot be
    public static DeleteOptions of(View body, Map<String, List<String>> query) {
        return body.exists() ? ofBody(body) : ofQuery(query);
    }

    private static DeleteOptions ofBody(View body) {
        GoTypeErrors.find(body.value(), SCHEMA, "DeleteOptions").ifPresent(why -> {
            throw ApiException.badRequest(why);
        });
        var grace = body.get(GRACE);
        return checked(
                grace.exists() ? OptionalLong.of(grace.longOr(0)) : OptionalLong.empty(),
                body.get("preconditions"),
                body.get(PROPAGATION),
                body.get(ORPHANS),
                body.get(DRY_RUN).strings());
    }

    private static DeleteOptions ofQuery(Map<String, List<String>> query) {
        return checked(
                gracePeriod(first(query, GRACE)),
                View.ABSENT,
                query.containsKey(PROPAGATION) ? View.of(first(query, PROPAGATION)) : View.ABSENT,
                query.containsKey(ORPHANS)
                        ? View.of(!List.of("false", "0", "").contains(first(query, ORPHANS)))
                        : View.ABSENT,
                query.getOrDefault(DRY_RUN, List.of()));
    }

    private static String first(Map<String, List<String>> query, String name) {
        var values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    private static DeleteOptions checked(
            OptionalLong grace, View preconditions, View policy, View orphans, List<String> dryRun) {
        var errors = new FieldErrors();
        if (orphans.exists() && policy.exists()) {
            errors.add(FieldError.invalid(
                    PROPAGATION, policy.string(), "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (policy.exists() && !List.of(ORPHAN, BACKGROUND, FOREGROUND).contains(policy.string())) {
            errors.add(FieldError.notSupported(
                    PROPAGATION, policy.string(), List.of(FOREGROUND, BACKGROUND, ORPHAN, "nil")));
        }
        checkDryRun(dryRun, errors);
        if (!errors.isEmpty()) throw ApiException.invalid("meta.k8s.io", "DeleteOptions", "", errors);
        var propagation = orphans.exists() ? orphans.bool() ? ORPHAN : BACKGROUND : policy.string();
        return new DeleteOptions(
                grace,
                preconditions.get("uid").string(),
                preconditions.get("resourceVersion").string(),
                propagation,
                !dryRun.isEmpty());
    }

    /// A dry run is of all stages, or none.
    public static void checkDryRun(List<String> sent, List<FieldError> errors) {
        if (!sent.stream().allMatch("All"::equals)) errors.add(FieldError.notSupported(DRY_RUN, sent, List.of("All")));
    }

    private static OptionalLong gracePeriod(String parameter) {
        if (parameter.isEmpty()) return OptionalLong.empty();
        try {
            return OptionalLong.of(Long.parseLong(parameter));
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.ParseInt: parsing \"" + parameter + "\": invalid syntax");
        }
    }
}
