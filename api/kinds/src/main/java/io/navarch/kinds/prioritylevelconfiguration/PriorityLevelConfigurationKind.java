package io.navarch.kinds.prioritylevelconfiguration;

import io.navarch.kinds.flowschema.FlowSchemaKind;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Enumeration;
import io.navarch.model.LimitResponse;
import io.navarch.model.LimitResponseType;
import io.navarch.model.LimitedPriorityLevelConfiguration;
import io.navarch.model.PriorityLevelConfiguration;
import io.navarch.model.PriorityLevelConfigurationSpec;
import io.navarch.model.PriorityLevelEnablement;
import io.navarch.model.QueuingConfiguration;
import io.navarch.model.Resources;
import io.navarch.model.Structure;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// PriorityLevelConfiguration: how many requests of a sort run at once, and how many wait.
public final class PriorityLevelConfigurationKind {
    private static final String EXEMPT = "exempt";
    private static final String RESPONSE = "spec.limited.limitResponse";
    private static final String SHARES = LimitedPriorityLevelConfiguration.NOMINAL_CONCURRENCY_SHARES;

    private PriorityLevelConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PRIORITY_LEVEL_CONFIGURATIONS)
                .version(
                        types.get("V1PriorityLevelConfiguration"),
                        columns -> columns.name()
                                .text("Type", level -> level.spec().type().text())
                                .untyped(
                                        "NominalConcurrencyShares",
                                        level -> number(
                                                limited(level),
                                                LimitedPriorityLevelConfiguration.NOMINAL_CONCURRENCY_SHARES))
                                .untyped("Queues", level -> number(queuing(level), QueuingConfiguration.QUEUES))
                                .untyped("HandSize", level -> number(queuing(level), QueuingConfiguration.HAND_SIZE))
                                .untyped(
                                        "QueueLengthLimit",
                                        level -> number(queuing(level), QueuingConfiguration.QUEUE_LENGTH_LIMIT))
                                .age())
                .withStatus()
                .resetting("status", "metadata", "spec")
                .withGeneration()
                .defaultedBy(PriorityLevelConfigurationKind::defaults)
                .statusRuledBy(
                        (level, old) -> FlowSchemaKind.conditions(level.status().conditions()))
                .ruledBy((level, old) -> check(level))
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static LimitedPriorityLevelConfiguration limited(PriorityLevelConfiguration level) {
        return level.spec().limited();
    }

    private static QueuingConfiguration queuing(PriorityLevelConfiguration level) {
        return limited(level).limitResponse().queuing();
    }

    private static Object number(Structure structure, String field) {
        return structure.exists() ? structure.raw(field).longOr(0) : "<none>";
    }

    private static void defaults(Map<String, Object> level) {
        PriorityLevelConfiguration.edit(level)
                .editSpec(spec -> spec.editLimited(limited -> limited.editLimitResponse(response -> {
                    if (response.build().type() == LimitResponseType.QUEUE)
                        response.editQueuing(PriorityLevelConfigurationKind::defaults);
                })));
    }

    private static void defaults(QueuingConfiguration.Builder queuing) {
        var given = queuing.build();
        if (given.queues() == 0) queuing.queues(64);
        if (given.handSize() == 0) queuing.handSize(8);
        if (given.queueLengthLimit() == 0) queuing.queueLengthLimit(50);
    }

    private static List<FieldError> check(PriorityLevelConfiguration level) {
        var check = new Check();
        var spec = level.spec();
        var limited = spec.limited();
        var exempt = spec.exempt();
        if (level.name().equals(EXEMPT) != (spec.type() == PriorityLevelEnablement.EXEMPT))
            check.invalid(
                    "spec.type",
                    spec.raw(PriorityLevelConfigurationSpec.TYPE).string(),
                    "must be 'Exempt' if and only if `name` is 'exempt'");
        switch (spec.type()) {
            case EXEMPT -> {
                if (limited.exists()) check.forbidden("spec.limited", "must be nil if the type is not Limited");
                notNegative(exempt, SHARES, "spec.exempt", "", check);
                percent(exempt, "spec.exempt", check);
            }
            case LIMITED -> {
                if (exempt.exists()) check.forbidden("spec.exempt", "must be nil if the type is Limited");
                if (!limited.exists())
                    check.add(FieldError.required("spec.limited", "must not be empty when type is Limited"));
                else limited(limited, check);
            }
            default ->
                oneOf(
                        spec.raw(PriorityLevelConfigurationSpec.TYPE).string(),
                        Enumeration.texts(PriorityLevelEnablement.values()),
                        "spec.type",
                        check);
        }
        return check.errors();
    }

    private static void oneOf(String value, Collection<String> supported, String at, Check check) {
        if (check.required(value, at)) check.notSupported(at, value, supported);
    }

    private static void limited(LimitedPriorityLevelConfiguration limited, Check check) {
        notNegative(limited, SHARES, "spec.limited", "", check);
        response(limited.limitResponse(), check);
        percent(limited, "spec.limited", check);
        notNegative(
                limited,
                LimitedPriorityLevelConfiguration.BORROWING_LIMIT_PERCENT,
                "spec.limited",
                "if specified, ",
                check);
    }

    private static void notNegative(Structure level, String field, String at, String when, Check check) {
        long number = level.raw(field).longOr(0);
        if (number < 0) check.invalid(at + "." + field, number, when + "must be a non-negative integer");
    }

    private static void percent(Structure level, String at, Check check) {
        var field = LimitedPriorityLevelConfiguration.LENDABLE_PERCENT;
        check.range(level.raw(field).longOr(0), at + "." + field, 0, 100);
    }

    private static void response(LimitResponse response, Check check) {
        var at = RESPONSE + ".queuing";
        var queuing = response.queuing();
        switch (response.type()) {
            case REJECT -> {
                if (queuing.exists())
                    check.add(FieldError.forbidden(at, "must be nil if limited.limitResponse.type is not Limited"));
            }
            case QUEUE -> {
                if (!queuing.exists())
                    check.add(FieldError.required(at, "must not be empty if limited.limitResponse.type is Limited"));
                else queuing(queuing, at, check);
            }
            default ->
                oneOf(
                        response.raw(LimitResponse.TYPE).string(),
                        Enumeration.texts(LimitResponseType.values()),
                        RESPONSE + ".type",
                        check);
        }
    }

    private static void queuing(QueuingConfiguration queuing, String at, Check check) {
        int queues = queuing.queues();
        int hand = queuing.handSize();
        positive(queuing.queueLengthLimit(), at + ".queueLengthLimit", check);
        positive(queues, at + ".queues", check);
        if (queues > 10_000_000) check.invalid(at + ".queues", queues, "must not be greater than 10000000");
        positive(hand, at + ".handSize", check);
        if (hand <= 0) return;
        if (hand > queues) {
            check.invalid(at + ".handSize", hand, "should not be greater than queues (" + queues + ")");
        } else if (Math.ceil(hand * (Math.log(queues) / Math.log(2))) > 60) {
            check.invalid(
                    at + ".handSize",
                    hand,
                    "required entropy bits of deckSize " + queues + " and handSize " + hand
                            + " should not be greater than 60");
        }
    }

    private static void positive(int number, String path, Check check) {
        if (number <= 0) check.invalid(path, number, "must be positive");
    }
}
