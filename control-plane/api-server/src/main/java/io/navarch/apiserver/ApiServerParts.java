package io.navarch.apiserver;

import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.RbacAuthorizer;
import io.navarch.apiserver.admission.DynamicAdmission;
import io.navarch.apiserver.audit.Auditor;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.custom.ConversionCalls;
import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.discovery.InfoDocuments;
import io.navarch.apiserver.discovery.TypeNames;
import io.navarch.apiserver.proxy.Forwarder;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.timing.CallTracing;
import io.navarch.process.Metrics;
import io.navarch.process.Timers;
import io.navarch.process.pages.ComponentPages;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.ObjectRules;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.subresource.Subresource;
import io.navarch.schema.types.Schema;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What an API server is made of; `apps` decides.
///
/// @param forwarder carries calls on to nodes, pods and services
/// @param others serve a part of the API
/// @param auditor writes down what calls do
/// @param tracing follows calls
public record ApiServerParts(
        Storage storage,
        Resources resources,
        Kinds kinds,
        Access access,
        Plugins admission,
        Traffic traffic,
        Forwarder forwarder,
        OtherServers others,
        Surroundings surroundings,
        Auditor auditor,
        CallTracing tracing) {
    /// @param builtIn the kinds to serve from the start
    /// @param metadata the schema of `ObjectMeta`
    /// @param rules makes the rules that the schema of a custom resource has with it
    /// @param subresources what kinds serve themselves, as in [Subresource]
    /// @param conversions calls the webhooks that convert objects of custom kinds
    /// @param computed makes the objects of kinds that are not stored, by plural
    public record Kinds(
            List<KindDefinition> builtIn,
            Schema metadata,
            Function<Supplier<Map<String, Object>>, ObjectRules> rules,
            TypeNames typeNames,
            Protobuf protobuf,
            Map<String, Subresource> subresources,
            ConversionCalls conversions,
            Map<String, Supplier<List<Map<String, Object>>>> computed) {}

    /// @param roles what roles and bindings say; `authorizer` asks them, too
    public record Access(
            Authenticator authenticator, Authorizer authorizer, RbacAuthorizer roles, InfoDocuments.Issuer issuer) {}

    /// In the order in which they run.
    ///
    /// @param dynamic others who are asked, between the mutating and the validating ones
    public record Plugins(
            List<Admission.Named<Admission.Mutating>> mutating,
            List<Admission.Named<Admission.Validating>> validating,
            DynamicAdmission dynamic) {}

    /// How many calls are served at a time.
    ///
    /// @param fair whether flows share all of them; otherwise each of the two counts is a limit of its own
    /// @param reading calls
    /// @param mutating calls
    public record Traffic(boolean fair, int reading, int mutating) {}

    /// @param timers of this process
    /// @param program what runs here
    /// @param bodies room for what clients send
    /// @param processors that all this runs on
    public record Surroundings(
            InstantSource clock,
            RandomGenerator random,
            Timers timers,
            Metrics metrics,
            ComponentPages.Component program,
            BodyBudget bodies,
            int processors) {}
}
