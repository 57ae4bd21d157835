package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.AppArmorProfile;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.SeccompProfile;
import io.navarch.model.SecurityProfileType;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Annotations that mean something for pods: what fields have taken over, and some that were never more.
public final class AnnotationRules {
    static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";
    private static final int MOST_BYTES = 256 * 1024;

    private AnnotationRules() {}

    /// What a template says of its pods, told once more as if it were the template's own.
    public static void template(PodTemplateSpec template, String path, Check check) {
        check.labels(template.labels(), path + ".labels");
        keys(template.annotations(), path + ".annotations", check);
        check(template.annotations(), template.spec(), path + ".annotations", check);
    }

    static void keys(Map<String, String> annotations, String path, Check check) {
        long size = 0;
        for (var entry : annotations.entrySet()) {
            var key = entry.getKey();
            check.name(key, path, Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
            size += key.getBytes(StandardCharsets.UTF_8).length
                    + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (size > MOST_BYTES) check.add(FieldError.tooLong(path, "may not be more than " + MOST_BYTES + " bytes"));
    }

    static void check(Map<String, String> annotations, PodSpec spec, String path, Check check) {
        var mirrored = annotations.get(MIRROR);
        if (mirrored != null && spec.nodeName().isEmpty())
            check.invalid(
                    path + "[" + MIRROR + "]", mirrored, "must set spec.nodeName if mirror pod annotation is set");
        var cost = annotations.get(DELETION_COST);
        if (cost != null && !integer(cost))
            check.invalid(path + "[" + DELETION_COST + "]", cost, "must be a 32bit integer");
        annotations.forEach((key, value) -> {
            if (key.equals(SECCOMP_POD) || key.startsWith(SECCOMP_CONTAINER)) seccomp(value, path + "." + key, check);
            if (key.startsWith(APP_ARMOR)) appArmor(key, value, spec, path + "[" + key + "]", check);
        });
    }

    private static boolean integer(String text) {
        if (!text.matches("0|-?[1-9][0-9]{0,9}")) return false;
        long number = Long.parseLong(text);
        return number == (int) number;
    }

    private static void seccomp(String profile, String path, Check check) {
        switch (profile) {
            case "runtime/default", "docker/default", "unconfined" -> {}
            default -> {
                if (profile.startsWith(LOCALHOST))
                    StorageSourceRules.relative(profile.substring(LOCALHOST.length()), path, check);
                else check.invalid(path, profile, "must be a valid seccomp profile");
            }
        }
    }

    private static void appArmor(String key, String profile, PodSpec spec, String path, Check check) {
        var name = key.substring(APP_ARMOR.length());
        boolean known = Pods.everyContainer(spec).stream()
                .anyMatch(container -> container.name().equals(name));
        if (!known) check.invalid(path, name, "container not found");
        boolean plain = profile.isEmpty() || profile.equals("runtime/default") || profile.equals("unconfined");
        if (!plain && !profile.startsWith(LOCALHOST))
            check.invalid(path, profile, "invalid AppArmor profile name: \"" + profile + "\"");
    }

    /// Where an annotation and a field both name a profile, it is the same one.
    static void profiles(Map<String, String> annotations, PodSpec spec, String path, Check check) {
        if (annotations.isEmpty()) return;
        var security = spec.securityContext();
        seccompMatches(
                annotations.get(SECCOMP_POD),
                security.seccompProfile(),
                path + ".securityContext.seccompProfile",
                check);
        ContainerVisit.each(
                spec,
                path,
                (container, at) -> seccompMatches(
                        annotations.get(SECCOMP_CONTAINER + container.name()),
                        container.securityContext().seccompProfile(),
                        at + ".securityContext.seccompProfile",
                        check));
        if (WindowsRules.windows(spec)) return;
        ContainerVisit.each(spec, path, (container, at) -> {
            var own = container.securityContext().appArmorProfile();
            appArmorMatches(
                    annotations.get(APP_ARMOR + container.name()),
                    own.exists() ? own : security.appArmorProfile(),
                    at + ".securityContext.appArmorProfile",
                    check);
        });
    }

    private static void seccompMatches(@Nullable String annotation, SeccompProfile profile, String path, Check check) {
        if (annotation == null || !profile.exists()) return;
        boolean standard = annotation.equals("runtime/default") || annotation.equals("docker/default");
        if (!same(annotation, profile.type(), standard)) {
            check.forbidden(path + ".type", "seccomp type in annotation and field must match");
        } else if (profile.type() == SecurityProfileType.LOCALHOST
                && !annotation.equals(LOCALHOST + profile.localhostProfile())) {
            check.forbidden(path + ".localhostProfile", "seccomp profile in annotation and field must match");
        }
    }

    private static void appArmorMatches(
            @Nullable String annotation, AppArmorProfile profile, String path, Check check) {
        if (annotation == null || !profile.exists()) return;
        if (!same(annotation, profile.type(), annotation.equals("runtime/default"))) {
            check.forbidden(path + ".type", "apparmor type in annotation and field must match");
        } else if (profile.type() == SecurityProfileType.LOCALHOST
                && !annotation.equals(LOCALHOST + profile.localhostProfile())) {
            check.forbidden(path + ".localhostProfile", "apparmor profile in annotation and field must match");
        }
    }

    /// @param standard whether the annotation names the runtime's own profile
    private static boolean same(String annotation, SecurityProfileType type, boolean standard) {
        return switch (type) {
            case UNCONFINED -> annotation.equals("unconfined");
            case RUNTIME_DEFAULT -> standard;
            case LOCALHOST -> annotation.startsWith(LOCALHOST);
            case UNSET, UNRECOGNIZED -> true;
        };
    }

    /// Some annotations stay as they are for as long as the pod lives.
    static void update(Map<String, String> now, Map<String, String> old, Check check) {
        var path = "metadata.annotations";
        old.forEach((key, value) -> {
            if (value.equals(now.get(key))) return;
            if (key.startsWith(APP_ARMOR))
                check.forbidden(path + "[" + key + "]", "may not remove or update AppArmor annotations");
            if (key.equals(MIRROR))
                check.forbidden(path + "[" + key + "]", "may not remove or update mirror pod annotation");
        });
        now.forEach((key, value) -> {
            if (old.containsKey(key)) return;
            if (key.startsWith(APP_ARMOR)) check.forbidden(path + "[" + key + "]", "may not add AppArmor annotations");
            if (key.equals(MIRROR)) check.forbidden(path + "[" + key + "]", "may not add mirror pod annotation");
        });
    }
}
