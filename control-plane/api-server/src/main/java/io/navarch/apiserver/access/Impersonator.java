package io.navarch.apiserver.access;

import io.navarch.apiserver.access.UserNames.Account;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.ApiException;
import io.navarch.process.LruMap;
import io.navarch.schema.admission.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets callers act as somebody else when they may be everything that they ask to be: the user, each group, the uid and
/// each extra value need a right of their own.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
public final class Impersonator {
    /// From so many groups or extra values on, a right to all of them is looked for first.
    private static final int MANY = 4;

    private static final int REMEMBERED = 10_000;
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String UNAUTHENTICATED = "system:unauthenticated";

    private final Authorizer authorizer;
    /// Which way somebody went last: it is tried first, and its refusal is the one that is told.
    private final Map<String, ImpersonationMode> last = new LruMap<>(REMEMBERED);

    public Impersonator(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /// Somebody else whom a caller may be.
    ///
    /// @param constraint the verb of the right to be him where that is bound to what is done; `""` where it is not
    public record Acting(User user, String constraint) {}

    /// The user that a call is made as; empty when it asks for nobody else.
    ///
    /// @throws ApiException 403 when the caller may not be that user, 400 when the headers make no user
    public Optional<Acting> impersonated(ApiRequest request) {
        var wanted = ImpersonationHeaders.read(request.call());
        return wanted.map(user -> impersonated(AccessAttributes.of(request.user(), request.info()), user));
    }

    private Acting impersonated(AccessAttributes call, User wanted) {
        var known = last(call.user());
        ApiException first = null;
        for (var mode : order(known)) {
            if (!mode.fits(wanted, call.user())) continue;
            try {
                var user = check(mode, call, wanted);
                if (mode != known) remember(call.user(), mode);
                return new Acting(user, mode.constrained() ? mode.verb() : "");
            } catch (ApiException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IllegalStateException("all impersonation modes failed") : first;
    }

    private static List<ImpersonationMode> order(@Nullable ImpersonationMode known) {
        var order = new ArrayList<>(List.of(ImpersonationMode.values()));
        if (known == null) return order;
        order.remove(known);
        order.addFirst(known);
        return order;
    }

    private @Nullable ImpersonationMode last(User user) {
        synchronized (last) {
            return last.get(user.name());
        }
    }

    private void remember(User user, ImpersonationMode mode) {
        synchronized (last) {
            last.put(user.name(), mode);
        }
    }

    private User check(ImpersonationMode mode, AccessAttributes call, User wanted) {
        if (mode.constrained()) require(mode, call.doing(mode.verbOn(call.verb())));
        var groups = name(mode, call.user(), wanted);
        if (!wanted.uid().isEmpty()) require(mode, right(mode, call.user(), AUTHENTICATION, "uids", wanted.uid()));
        if (!wanted.groups().isEmpty()) groups(mode, call.user(), wanted.groups());
        if (!wanted.extra().isEmpty()) extra(mode, call.user(), wanted.extra());
        return new User(wanted.name(), wanted.uid(), complete(wanted.name(), groups), wanted.extra());
    }

    /// Asks for the right to the name.
    ///
    /// @return the groups that come with it, or those that were asked for
    private List<String> name(ImpersonationMode mode, User requestor, User wanted) {
        var node = mode.constrained() ? UserNames.node(wanted.name()) : Optional.<String>empty();
        var account = UserNames.account(wanted.name());
        if (node.isPresent()) {
            require(mode, right(mode, requestor, mode.group(), "nodes", node.get()));
            return List.of(User.NODES);
        }
        require(
                mode,
                account.map(each -> account(mode, requestor, each))
                        .orElseGet(() -> right(mode, requestor, mode.group(), "users", wanted.name())));
        return account.isPresent() && wanted.groups().isEmpty() ? account.get().groups() : wanted.groups();
    }

    private static AccessAttributes account(ImpersonationMode mode, User requestor, Account account) {
        return AccessAttributes.ofResource(
                requestor, mode.verb(), mode.group(), "v1", "serviceaccounts", account.namespace(), account.name());
    }

    private void groups(ImpersonationMode mode, User requestor, List<String> groups) {
        var any = right(mode, requestor, mode.group(), "groups", "");
        if (mode.constrained()) {
            if (groups.contains("")) throw Forbidden.of(any, "impersonating the empty string group is not allowed");
            if (groups.contains(User.MASTERS))
                throw Forbidden.of(
                        any.named(User.MASTERS), "impersonating the " + User.MASTERS + " group is not allowed");
            if (groups.size() >= MANY && allows(mode, any.named("*"))) return;
        }
        for (var group : groups) require(mode, any.named(group));
    }

    private void extra(ImpersonationMode mode, User requestor, Map<String, List<String>> extra) {
        var any = right(mode, requestor, AUTHENTICATION, "userextras", "");
        if (mode.constrained()) {
            ExtraRules.violation(extra).ifPresent(why -> {
                throw Forbidden.of(any, why);
            });
            int count = extra.values().stream().mapToInt(List::size).sum();
            if (count >= MANY && allows(mode, any.of("*").named("*"))) return;
        }
        extra.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            for (var value : entry.getValue())
                require(mode, any.of(entry.getKey()).named(value));
        });
    }

    private static AccessAttributes right(
            ImpersonationMode mode, User requestor, String group, String resource, String name) {
        return AccessAttributes.ofResource(requestor, mode.verb(), group, "v1", resource, "", name);
    }

    private boolean allows(ImpersonationMode mode, AccessAttributes right) {
        return authorizer.authorize(mode.asked(right)).allowed();
    }

    private void require(ImpersonationMode mode, AccessAttributes right) {
        var asked = mode.asked(right);
        var decision = authorizer.authorize(asked);
        if (!decision.allowed()) throw Forbidden.of(asked, decision.reason());
    }

    /// Everybody is among the authenticated or the unauthenticated.
    private static List<String> complete(String name, List<String> groups) {
        boolean anonymous = name.equals(User.ANONYMOUS.name());
        var group = anonymous ? UNAUTHENTICATED : User.AUTHENTICATED;
        if (groups.contains(group) || !anonymous && groups.contains(UNAUTHENTICATED)) return groups;
        var all = new ArrayList<>(groups);
        all.add(group);
        return List.copyOf(all);
    }
}
