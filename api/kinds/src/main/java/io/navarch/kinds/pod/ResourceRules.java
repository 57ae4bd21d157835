package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.CoreResourceClaim;
import io.navarch.model.PodSpec;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What containers and pods may ask for: resources that there are, no more than their limits, and claims of the pod.
public final class ResourceRules {
    /// What a pod as a whole may ask for.
    private static final List<String> OF_PODS = List.of("cpu", ResourceNames.HUGE_PAGES, "memory");

    private ResourceRules() {}

    /// @param claims the names of the pod's claims
    static void container(ResourceRequirements resources, List<String> claims, String path, Check check) {
        requirements(resources, path, (name, at) -> containerName(name, at, check), check);
        claims(resources.claims(), claims, path + ".claims", check);
    }

    public static void overhead(Map<String, Quantity> overhead, String path, Check check) {
        if (overhead.isEmpty()) return;
        container(ResourceRequirements.builder().limits(overhead).build(), List.of(), path, check);
    }

    /// What is asked for the pod as a whole.
    static void pod(PodSpec spec, List<String> claims, String path, Check check) {
        var resources = spec.resources();
        if (!resources.exists()) return;
        if (spec.os().raw("name").string().equals("windows")) {
            check.forbidden(path, "may not be set for a windows pod");
            return;
        }
        if (resources.raw(ResourceRequirements.CLAIMS).exists())
            check.forbidden(path + ".claims", "claims may not be set for Resources at pod-level");
        requirements(resources, path, (name, at) -> podName(name, at, check), check);
        claims(resources.claims(), claims, path + ".claims", check);
        consistent(spec, path, check);
    }

    private static void requirements(
            ResourceRequirements resources, String path, BiConsumer<String, String> names, Check check) {
        var limits = resources.limits();
        limits.forEach((name, amount) -> {
            var at = path + ".limits[" + name + "]";
            names.accept(name, at);
            amount(name, amount, at, check);
        });
        resources.requests().forEach((name, amount) -> {
            var at = path + ".requests[" + name + "]";
            names.accept(name, at);
            notNegative(name, amount, at, check);
            limited(name, amount, limits.get(name), path, check);
            hugePages(name, amount, at, check);
        });
        boolean huge = limits.keySet().stream().anyMatch(ResourceRules::huge)
                || resources.requests().keySet().stream().anyMatch(ResourceRules::huge);
        boolean plain = limits.keySet().stream().anyMatch(ResourceRules::compute)
                || resources.requests().keySet().stream().anyMatch(ResourceRules::compute);
        if (huge && !plain) check.forbidden(path, "HugePages require cpu or memory");
    }

    private static boolean huge(String name) {
        return name.startsWith(ResourceNames.HUGE_PAGES);
    }

    private static boolean compute(String name) {
        return name.equals(ResourceNames.CPU) || name.equals(ResourceNames.MEMORY);
    }

    private static boolean overcommits(String name) {
        return ofKubernetes(name) && !huge(name);
    }

    private static boolean ofKubernetes(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    private static void limited(String name, Quantity amount, @Nullable Quantity limit, String path, Check check) {
        if (limit == null) {
            if (!overcommits(name))
                check.missing(path + ".limits", "Limit must be set for non overcommitable resources");
            return;
        }
        int order = amount.compareTo(limit);
        if (order != 0 && !overcommits(name))
            check.invalid(path + ".requests", amount.toString(), "must be equal to " + name + " limit of " + limit);
        else if (order > 0)
            check.invalid(
                    path + ".requests",
                    amount.toString(),
                    "must be less than or equal to " + name + " limit of " + limit);
    }

    private static void amount(String name, Quantity amount, String path, Check check) {
        notNegative(name, amount, path, check);
        hugePages(name, amount, path, check);
    }

    private static void notNegative(String name, Quantity amount, String path, Check check) {
        check.notNegative(amount, path);
        if (ResourceNames.extended(name)) check.whole(amount, path);
    }

    private static void hugePages(String name, Quantity amount, String path, Check check) {
        if (!huge(name)) return;
        long page = Quantity.find(name.substring(ResourceNames.HUGE_PAGES.length()))
                .map(Quantity::units)
                .orElse(0L);
        if (page <= 0 || amount.units() % page != 0)
            check.invalid(path, amount.toString(), amount + " is not positive integer multiple of " + name);
    }

    /// @return whether there may be such a resource at all
    public static boolean resourceName(String name, String path, Check check) {
        var wrong = Names.qualifiedName(name);
        check.name(name, path, wrong);
        if (!wrong.isEmpty()) return false;
        if (name.contains("/") || ResourceNames.standard(name)) return true;
        check.invalid(path, name, "must be a standard resource type or fully qualified");
        return false;
    }

    public static void containerName(String name, String path, Check check) {
        resourceName(name, path, check);
        if (!name.contains("/")) {
            if (!ResourceNames.containers(name))
                check.invalid(path, name, "must be a standard resource for containers");
        } else if (!ofKubernetes(name)
                && (name.startsWith("requests.")
                        || !Names.qualifiedName("requests." + name).isEmpty())) {
            check.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }

    private static void podName(String name, String path, Check check) {
        if (resourceName(name, path, check) && !compute(name) && !huge(name)) check.notSupported(path, name, OF_PODS);
    }

    /// Whether each claim is one of the pod's, and none is named twice.
    private static void claims(List<CoreResourceClaim> used, List<String> claims, String path, Check check) {
        var names = new HashSet<String>();
        Check.each(used, path, (claim, at) -> {
            var name = claim.name();
            if (!check.required(name, at)) return;
            var request = claim.request();
            if (names.contains(name)) {
                check.duplicate(at, name);
            } else {
                if (!request.isEmpty()) check.name(request, at + ".request", Names.dnsLabel(request));
                var key = request.isEmpty() ? name : name + "/" + request;
                boolean parts = request.isEmpty() && names.stream().anyMatch(each -> each.startsWith(name + "/"));
                if (parts || !names.add(key)) check.duplicate(at, key);
                names.add(key);
            }
            if (!claims.contains(name)) {
                var choice = claims.isEmpty() ? " which is empty" : ": " + String.join(", ", claims);
                var missing = FieldError.notFound(at, name);
                check.add(new FieldError(
                        missing.type(),
                        at,
                        missing.badValue(),
                        "must be one of the names in pod.spec.resourceClaims" + choice));
            }
        });
    }

    /// The containers ask for no more than the pod, and none has a higher limit.
    private static void consistent(PodSpec spec, String path, Check check) {
        var resources = spec.resources();
        PodResources.ofContainers(spec, ResourceRequirements::requests).forEach((name, sum) -> {
            var asked = resources.requests().get(name);
            if (asked != null && sum.compareTo(asked) > 0)
                check.invalid(
                        path + ".requests[" + name + "]",
                        asked.toString(),
                        "must be greater than or equal to aggregate container requests of " + sum);
        });
        PodResources.ofContainers(spec, ResourceRequirements::limits).forEach((name, sum) -> {
            var limit = resources.limits().get(name);
            if (huge(name) && limit != null && sum.compareTo(limit) > 0)
                check.invalid(
                        path + ".limits[" + name + "]",
                        limit.toString(),
                        "must be greater than or equal to aggregate container limits of " + sum);
        });
        Check.each(
                spec.containers(),
                path + ".containers",
                (container, at) -> container.resources().limits().forEach((name, own) -> {
                    var limit = resources.limits().get(name);
                    if (limit != null && own.compareTo(limit) > 0)
                        check.invalid(
                                at + "[" + name + "].limits",
                                own.toString(),
                                "must be less than or equal to pod limits of " + limit);
                }));
    }
}
