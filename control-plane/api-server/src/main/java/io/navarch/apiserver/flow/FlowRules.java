package io.navarch.apiserver.flow;

import io.navarch.apiserver.request.RequestInfo;
import io.navarch.model.FlowDistinguisherMethodType;
import io.navarch.model.FlowSchema;
import io.navarch.model.FlowcontrolSubject;
import io.navarch.model.NonResourcePolicyRule;
import io.navarch.model.PolicyRulesWithSubjects;
import io.navarch.model.ResourcePolicyRule;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Which flow a call belongs to: the first schema, by precedence and then by name, whose rules match it.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema
final class FlowRules {
    private static final String ANY = "*";
    private static final String ACCOUNT = "system:serviceaccount:";

    /// @param level the name of its priority level
    /// @param distinguisher what tells the flows of one schema apart
    record Flow(String schema, String uid, String level, String distinguisher) {}

    private record Rule(Predicate<User> subject, Predicate<RequestInfo> request) {
        boolean matches(RequestInfo info, User user) {
            return subject.test(user) && request.test(info);
        }
    }

    private record Schema(String name, String uid, String level, FlowDistinguisherMethodType method, List<Rule> rules) {
        boolean matches(RequestInfo info, User user) {
            for (var rule : rules) if (rule.matches(info, user)) return true;
            return false;
        }

        Flow flow(RequestInfo info, User user) {
            var distinguisher = switch (method) {
                case BY_USER -> user.name();
                case BY_NAMESPACE -> info.namespace();
                default -> "";
            };
            return new Flow(name, uid, level, distinguisher);
        }
    }

    /// What counts while there are no objects of these names, which there always should be.
    private static final Schema IMAGINED_EXEMPT = new Schema(
            LevelSettings.EXEMPT,
            "",
            LevelSettings.EXEMPT,
            FlowDistinguisherMethodType.UNSET,
            List.of(new Rule(user -> user.in(User.MASTERS), info -> true)));

    private static final Schema IMAGINED_CATCH_ALL = new Schema(
            LevelSettings.CATCH_ALL,
            "",
            LevelSettings.CATCH_ALL,
            FlowDistinguisherMethodType.BY_USER,
            List.of(new Rule(user -> true, info -> true)));

    private final List<Schema> schemas;
    private final Schema last;

    private FlowRules(List<Schema> schemas) {
        this.schemas = schemas;
        last = schemas.stream()
                .filter(schema -> schema.name.equals(LevelSettings.CATCH_ALL))
                .findFirst()
                .orElse(IMAGINED_CATCH_ALL);
    }

    /// @param levels the names of those that there are; a schema that names another one counts as not there
    static FlowRules of(List<FlowSchema> objects, Set<String> levels) {
        var schemas = new ArrayList<Schema>();
        objects.stream()
                .filter(object -> levels.contains(
                        object.spec().priorityLevelConfiguration().name()))
                .sorted(Comparator.comparingInt(
                                (FlowSchema object) -> object.spec().matchingPrecedence())
                        .thenComparing(FlowSchema::name))
                .map(FlowRules::schema)
                .forEach(schemas::add);
        if (schemas.stream().noneMatch(schema -> schema.name.equals(LevelSettings.EXEMPT)))
            schemas.addFirst(IMAGINED_EXEMPT);
        return new FlowRules(List.copyOf(schemas));
    }

    Flow classify(RequestInfo info, User user) {
        for (var schema : schemas) if (schema.matches(info, user)) return schema.flow(info, user);
        return last.flow(info, user);
    }

    private static Schema schema(FlowSchema object) {
        return new Schema(
                object.name(),
                object.metadata().uid(),
                object.spec().priorityLevelConfiguration().name(),
                object.spec().distinguisherMethod().type(),
                object.spec().rules().stream().map(FlowRules::rule).toList());
    }

    private static Rule rule(PolicyRulesWithSubjects rule) {
        var subjects = rule.subjects().stream().map(FlowRules::subject).toList();
        var resources = rule.resourceRules().stream().map(FlowRules::resources).toList();
        var urls = rule.nonResourceRules().stream().map(FlowRules::urls).toList();
        return new Rule(
                user -> any(subjects, user), info -> info.resourceRequest() ? any(resources, info) : any(urls, info));
    }

    private static <T> boolean any(List<Predicate<T>> tests, T value) {
        for (var test : tests) if (test.test(value)) return true;
        return false;
    }

    private static Predicate<User> subject(FlowcontrolSubject subject) {
        return switch (subject.kind()) {
            case USER -> {
                var name = subject.user().name();
                yield user -> name.equals(ANY) || name.equals(user.name());
            }
            case GROUP -> {
                var name = subject.group().name();
                yield user -> name.equals(ANY) || user.in(name);
            }
            case SERVICE_ACCOUNT -> {
                var namespace = ACCOUNT + subject.serviceAccount().namespace() + ":";
                var name = subject.serviceAccount().name();
                yield name.equals(ANY)
                        ? user -> user.name().startsWith(namespace)
                        : user -> user.name().equals(namespace + name);
            }
            default -> user -> false;
        };
    }

    private static Predicate<RequestInfo> resources(ResourcePolicyRule rule) {
        var verbs = among(rule.verbs());
        var resources = among(rule.resources());
        var groups = among(rule.apiGroups());
        var namespaces = among(rule.namespaces());
        boolean cluster = rule.clusterScope();
        return info -> verbs.test(info.verb())
                && resources.test(info.qualifiedResource())
                && groups.test(info.group())
                && (info.namespace().isEmpty() ? cluster : namespaces.test(info.namespace()));
    }

    private static Predicate<String> among(List<String> list) {
        if (list.size() == 1 && list.getFirst().equals(ANY)) return text -> true;
        var copy = List.copyOf(list);
        return copy::contains;
    }

    private static Predicate<RequestInfo> urls(NonResourcePolicyRule rule) {
        var verbs = among(rule.verbs());
        var paths = rule.nonResourceURLs().stream().map(FlowRules::url).toList();
        return info -> verbs.test(info.verb()) && any(paths, info.path());
    }

    /// A path means itself and what is below it.
    private static Predicate<String> url(String wanted) {
        if (wanted.equals(ANY)) return path -> true;
        var stem = wanted.endsWith(ANY) ? wanted.substring(0, wanted.length() - 1) : wanted;
        var below = stem.endsWith("/") ? stem : stem + "/";
        return path -> path.equals(wanted) || path.startsWith(below);
    }
}
