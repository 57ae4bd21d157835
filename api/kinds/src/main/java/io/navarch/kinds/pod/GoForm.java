package io.navarch.kinds.pod;

import io.navarch.model.AppArmorProfile;
import io.navarch.model.NodeSelectorRequirement;
import io.navarch.model.NodeSelectorTerm;
import io.navarch.model.PodResourceClaim;
import io.navarch.model.SeccompProfile;
import io.navarch.model.SecurityContext;
import io.navarch.model.Structure;
import io.navarch.objects.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Structures as errors of the original show them: with every field, by the names that its internal types have, which
/// begin with a capital.
final class GoForm {
    private GoForm() {}

    static Map<String, Object> claim(PodResourceClaim claim) {
        var result = new LinkedHashMap<String, Object>();
        result.put("Name", claim.name());
        result.putAll(all(
                claim, List.of(PodResourceClaim.RESOURCE_CLAIM_NAME, PodResourceClaim.RESOURCE_CLAIM_TEMPLATE_NAME)));
        return result;
    }

    static Map<String, Object> seccomp(SeccompProfile profile) {
        return all(profile, List.of(SeccompProfile.TYPE, SeccompProfile.LOCALHOST_PROFILE));
    }

    static Map<String, Object> securityContext(SecurityContext context) {
        var result = all(
                context,
                List.of(
                        SecurityContext.CAPABILITIES,
                        SecurityContext.PRIVILEGED,
                        SecurityContext.SE_LINUX_OPTIONS,
                        SecurityContext.WINDOWS_OPTIONS,
                        SecurityContext.RUN_AS_USER,
                        SecurityContext.RUN_AS_GROUP,
                        SecurityContext.RUN_AS_NON_ROOT,
                        SecurityContext.READ_ONLY_ROOT_FILESYSTEM,
                        SecurityContext.ALLOW_PRIVILEGE_ESCALATION,
                        SecurityContext.PROC_MOUNT,
                        SecurityContext.SECCOMP_PROFILE,
                        SecurityContext.APP_ARMOR_PROFILE));
        if (context.hasCapabilities()) result.put("Capabilities", all(context.capabilities(), List.of("add", "drop")));
        if (context.hasSeccompProfile()) result.put("SeccompProfile", seccomp(context.seccompProfile()));
        if (context.hasAppArmorProfile())
            result.put(
                    "AppArmorProfile",
                    all(context.appArmorProfile(), List.of(AppArmorProfile.TYPE, AppArmorProfile.LOCALHOST_PROFILE)));
        return result;
    }

    static List<Object> terms(List<NodeSelectorTerm> terms) {
        return List.copyOf(terms.stream().map(GoForm::term).toList());
    }

    static Map<String, Object> term(NodeSelectorTerm term) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("MatchExpressions", requirements(term.matchExpressions()));
        result.put("MatchFields", requirements(term.matchFields()));
        return Trees.copy(result);
    }

    private static @Nullable Object requirements(List<NodeSelectorRequirement> requirements) {
        if (requirements.isEmpty()) return null;
        return requirements.stream()
                .map(each -> all(
                        each,
                        List.of(
                                NodeSelectorRequirement.KEY,
                                NodeSelectorRequirement.OPERATOR,
                                NodeSelectorRequirement.VALUES)))
                .toList();
    }

    private static Map<String, Object> all(Structure structure, List<String> fields) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        for (var field : fields) {
            var name = field.startsWith("se") && field.charAt(2) == 'L' ? "SEL" + field.substring(3) : capital(field);
            result.put(name, structure.raw(field).value());
        }
        return Trees.copy(result);
    }

    private static String capital(String field) {
        return Character.toUpperCase(field.charAt(0)) + field.substring(1);
    }
}
