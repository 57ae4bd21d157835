package io.navarch.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A misspelt name of a field reads as absent, and nobody notices. Fields of built-in kinds are therefore read
/// and written by the generated structures of `api/model`; names in strings are for what handles objects of any
/// kind, and for documents that are no objects of a kind.
class FieldsTest {
    /// Reads or writes trees of any shape: this is what kinds are made of.
    private static final List<String> MACHINERY = List.of(
            "foundation/objects",
            "api/schema",
            "api/model",
            "api/generator",
            "api/kinds/src/main/java/io/navarch/kinds/types",
            "api/kinds/src/main/java/io/navarch/kinds/customresource",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/custom");

    /// Files that read or write documents which no kind describes.
    private static final List<String> OTHER_DOCUMENTS = List.of(
            "api/kinds/src/main/java/io/navarch/kinds/validatingadmissionpolicy/PolicyTypeCheck.java",
            "api/kinds/src/main/java/io/navarch/kinds/validatingadmissionpolicy/PublishedTypes.java",
            "control-plane/admission/src/main/java/io/navarch/admission/MutatingHooks.java",
            "control-plane/admission/src/main/java/io/navarch/admission/ValidatingPolicies.java",
            "control-plane/aggregation/src/main/java/io/navarch/aggregation/ForeignOpenApi.java",
            "control-plane/aggregation/src/main/java/io/navarch/aggregation/OpenApiConversion.java",
            "control-plane/client/src/main/java/io/navarch/client/WebhookCredentials.java",
            "control-plane/controllers/src/main/java/io/navarch/controllers/admissionpolicystatus/published/PublishedKinds.java",
            "api/kinds/src/main/java/io/navarch/kinds/event/EventRateLimit.java",
            "api/kinds/src/main/java/io/navarch/kinds/serviceaccount/ServiceAccountTokens.java",
            "apps/src/main/java/io/navarch/apps/AdmissionConfiguration.java",
            "apps/src/main/java/io/navarch/apps/AdmissionPlugins.java",
            "apps/src/main/java/io/navarch/apps/lifecycle/SupportCommand.java",
            "apps/src/main/java/io/navarch/apps/lifecycle/VersionCommand.java",
            "apps/src/main/java/io/navarch/apps/snapshot/SnapshotFile.java",
            "control-plane/admission/src/main/java/io/navarch/admission/HookReview.java",
            "control-plane/admission/src/main/java/io/navarch/admission/RequestTree.java",
            "control-plane/aggregation/src/main/java/io/navarch/aggregation/ForeignDiscovery.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/audit/AuditEvent.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/audit/AuditedCall.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/BasicType.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/DeclaredSchema.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/DiscoveryHandler.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/InfoDocuments.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/MergedOpenApi.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/OpenApi.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/Operations.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/ResourcePaths.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/SchemaWriter.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/discovery/Swagger.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/read/ContinueToken.java",
            "control-plane/api-server/src/main/java/io/navarch/apiserver/read/Rendering.java",
            "control-plane/authentication/src/main/java/io/navarch/authentication/AuthenticationConfiguration.java",
            "control-plane/authentication/src/main/java/io/navarch/authentication/ClaimRules.java",
            "control-plane/authentication/src/main/java/io/navarch/authentication/IssuerKeys.java",
            "control-plane/authentication/src/main/java/io/navarch/authentication/JwtAuthenticator.java",
            "control-plane/authorization/src/main/java/io/navarch/authorization/AuthorizationConfiguration.java",
            "control-plane/authorization/src/main/java/io/navarch/authorization/WebhookRules.java",
            "control-plane/bootstrap/src/main/java/io/navarch/bootstrap/Joining.java",
            "control-plane/client/src/main/java/io/navarch/client/Kubeconfig.java",
            "control-plane/client/src/main/java/io/navarch/client/RemoteReview.java",
            "control-plane/client/src/main/java/io/navarch/client/ReviewAnswer.java",
            "control-plane/encryption/src/main/java/io/navarch/encryption/EncryptionConfiguration.java",
            "control-plane/encryption/src/main/java/io/navarch/encryption/KeyFile.java",
            "control-plane/encryption/src/main/java/io/navarch/encryption/RestStatus.java",
            "control-plane/controllers/src/main/java/io/navarch/controllers/podautoscaler/metrics/ClusterMetrics.java",
            "control-plane/resource-metrics/src/main/java/io/navarch/resourcemetrics/MetricsObjects.java",
            "foundation/process/src/main/java/io/navarch/process/ConfigurationReader.java",
            "foundation/process/src/main/java/io/navarch/process/pages/FlagsPage.java",
            "foundation/process/src/main/java/io/navarch/process/pages/StatusPage.java",
            "foundation/process/src/main/java/io/navarch/process/pages/StructuredPage.java",
            "network/service-proxy/src/main/java/io/navarch/serviceproxy/ProxyHealthPages.java",
            "network/pod-network/src/main/java/io/navarch/podnetwork/BridgeNetwork.java",
            "network/pod-network/src/main/java/io/navarch/podnetwork/PodRoutes.java",
            "node/agent/src/main/java/io/navarch/agent/api/AgentApi.java",
            "node/agent/src/main/java/io/navarch/agent/api/NodeConfiguration.java",
            "node/agent/src/main/java/io/navarch/agent/api/StatsSummary.java",
            "node/agent/src/main/java/io/navarch/agent/credentials/ExecutedProvider.java",
            "node/agent/src/main/java/io/navarch/agent/credentials/NodeCredentials.java",
            "node/agent/src/main/java/io/navarch/agent/credentials/ProviderConfigText.java",
            "node/agent/src/main/java/io/navarch/agent/devices/Checkpoint.java",
            "node/agent/src/main/java/io/navarch/agent/memory/MemoryStateFile.java",
            "node/cri/src/main/java/io/navarch/cri/ContainerdViews.java",
            "node/images/src/main/java/io/navarch/images/ImageDraft.java",
            "node/images/src/main/java/io/navarch/images/ImageManifest.java",
            "node/images/src/main/java/io/navarch/images/ImageRecipe.java",
            "node/images/src/main/java/io/navarch/images/ImageStore.java",
            "node/images/src/main/java/io/navarch/images/Platform.java",
            "node/images/src/main/java/io/navarch/images/registry/Registry.java",
            "node/join/src/main/java/io/navarch/join/ClusterInfo.java",
            "node/join/src/main/java/io/navarch/join/ClusterNetwork.java",
            "user/cli/src/main/java/io/navarch/cli/KubeconfigFile.java");

    private static final Pattern NAMED_IN_A_STRING =
            Pattern.compile("\\.(?:get|path|find)\\(\\s*\"[a-z]|Trees\\.(?!semanticEquals)\\w+\\([^;\"]*\"");

    @Test
    void fieldsOfBuiltInKindsAreNotNamedInStrings() {
        var found = new TreeSet<String>();
        for (var file : Modules.mainSources()) {
            var name = Modules.relative(file);
            if (below(name, MACHINERY) || below(name, OTHER_DOCUMENTS)) continue;
            NAMED_IN_A_STRING
                    .matcher(Modules.text(file))
                    .results()
                    .forEach(match -> found.add(name + ": " + match.group()));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void theListOfOtherDocumentsIsNotLongerThanItMustBe() {
        for (var name : OTHER_DOCUMENTS)
            assertThat(Modules.text(Modules.ROOT.resolve(name))).as(name).containsPattern(NAMED_IN_A_STRING);
    }

    private static boolean below(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }
}
