package io.navarch.kinds.resourceclaim;

import io.navarch.kinds.deviceclass.DeviceNames;
import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.pod.AffinityRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ConditionRules;
import io.navarch.model.AllocatedDeviceStatus;
import io.navarch.model.AllocationResult;
import io.navarch.model.DeviceAllocationConfiguration;
import io.navarch.model.DeviceRequestAllocationResult;
import io.navarch.model.NetworkDeviceData;
import io.navarch.model.ResourceClaim;
import io.navarch.model.ResourceClaimConsumerReference;
import io.navarch.model.ResourceClaimStatus;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What has been allocated for a claim, for whom it is reserved, and what drivers say of its devices.
record AllocationRules(ResourceClaim claim, Check check) {
    private static final int MOST_CONSUMERS = 256;
    private static final int MOST_RESULTS = 32;
    private static final int MOST_CONFIGURATIONS = 64;
    private static final int MOST_ADDRESSES = 16;
    private static final int MOST_CONDITIONS = 8;
    private static final int LONGEST_DATA = 10 << 10;
    private static final List<String> SOURCES = List.of("FromClaim", "FromClass");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private record DeviceId(String driver, String pool, String device, String share) {}

    static List<FieldError> check(ResourceClaim claim, ResourceClaim old) {
        var rules = new AllocationRules(claim, new Check());
        rules.consumers(old.status());
        rules.devices();
        rules.allocation(old.status().allocation());
        return rules.check.errors();
    }

    private void consumers(ResourceClaimStatus old) {
        var path = "status.reservedFor";
        var consumers = claim.status().reservedFor();
        if (fits(consumers, MOST_CONSUMERS, path)) {
            var seen = new HashSet<String>();
            Check.each(consumers, path, (consumer, at) -> {
                check.required(consumer.resource(), at + ".resource");
                check.required(consumer.name(), at + ".name");
                check.required(consumer.uid(), at + ".uid");
                if (!seen.add(consumer.uid())) check.duplicate(at, consumer.uid());
            });
        }
        if (consumers.isEmpty()) return;
        if (!claim.status().hasAllocation()) check.forbidden(path, "may not be specified when `allocated` is not set");
        else if (claim.deleting() && added(consumers, old.reservedFor()))
            check.forbidden(
                    path, "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
    }

    private static boolean added(
            List<ResourceClaimConsumerReference> now, List<ResourceClaimConsumerReference> before) {
        return now.stream().anyMatch(each -> before.stream().noneMatch(each::semanticEquals));
    }

    private boolean fits(List<?> list, int most, String path) {
        if (list.size() <= most) return true;
        check.add(FieldError.tooMany(path, list.size(), "must have at most " + most + " items"));
        return false;
    }

    private void devices() {
        var allocated = new HashSet<DeviceId>();
        for (var result : claim.status().allocation().devices().results())
            allocated.add(new DeviceId(result.driver(), result.pool(), result.device(), result.shareID()));
        var seen = new HashSet<DeviceId>();
        Check.each(claim.status().devices(), "status.devices", (device, at) -> {
            var id = new DeviceId(device.driver(), device.pool(), device.device(), device.shareID());
            var shown = Check.shown(
                    device.view(),
                    AllocatedDeviceStatus.DRIVER,
                    AllocatedDeviceStatus.POOL,
                    AllocatedDeviceStatus.DEVICE,
                    AllocatedDeviceStatus.SHARE_ID);
            shown.put("ShareID", device.shareID());
            device(device, at);
            if (!allocated.contains(id)) check.invalid(at, shown, "must be an allocated device in the claim");
            if (!seen.add(id)) check.duplicate(at, shown);
        });
    }

    private void device(AllocatedDeviceStatus device, String at) {
        DeviceNames.driver(device.driver(), at + ".driver", check);
        DeviceNames.pool(device.pool(), at + ".pool", check);
        check.name(device.device(), at + ".device", Names.dnsLabel(device.device()));
        if (device.hasShareID()) share(device.shareID(), at + ".shareID");
        fits(device.conditions(), MOST_CONDITIONS, at + ".conditions");
        ConditionRules.check(device.conditions(), at + ".conditions", check);
        if (device.hasData()) DeviceRules.raw(device.data(), at + ".data", LONGEST_DATA, check);
        network(device.networkData(), at + ".networkData");
    }

    private void network(NetworkDeviceData data, String path) {
        check.longest(data.interfaceName(), path + ".interfaceName", 256);
        check.longest(data.hardwareAddress(), path + ".hardwareAddress", 128);
        if (!fits(data.ips(), MOST_ADDRESSES, path + ".ips")) return;
        var seen = new HashSet<String>();
        Check.each(data.ips(), path + ".ips", (address, at) -> {
            address(address, at);
            if (!seen.add(address)) check.duplicate(at, address);
        });
    }

    private void address(String address, String at) {
        var sloppy = Addresses.withoutLeadingZeros(address);
        if (Addresses.prefix(sloppy) < 0) {
            check.invalid(at, address, "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
            return;
        }
        int slash = sloppy.indexOf('/');
        var canonical = Addresses.canonical(sloppy.substring(0, slash)) + "/" + Addresses.prefix(sloppy);
        if (!canonical.equals(address)) check.invalid(at, address, "must be in canonical form (\"" + canonical + "\")");
    }

    /// What was allocated is not changed afterwards, only taken away.
    private void allocation(AllocationResult old) {
        var allocation = claim.status().allocation();
        if (!allocation.exists()) return;
        if (old.exists()) {
            check.immutable(allocation, old, "status.allocation");
            return;
        }
        var names = DeviceRules.requests(claim.spec().devices());
        var path = "status.allocation.devices";
        var results = allocation.devices().results();
        if (fits(results, MOST_RESULTS, path + ".results"))
            Check.each(results, path + ".results", (result, at) -> result(result, names, at));
        var configurations = allocation.devices().config();
        if (fits(configurations, MOST_CONFIGURATIONS, path + ".config"))
            Check.each(configurations, path + ".config", (each, at) -> configuration(each, names, at));
        if (allocation.hasNodeSelector())
            AffinityRules.nodeSelector(allocation.nodeSelector(), "status.allocation.nodeSelector", check);
    }

    private void result(DeviceRequestAllocationResult result, Set<String> names, String at) {
        DeviceRules.reference(result.request(), names, at + ".request", check);
        DeviceNames.driver(result.driver(), at + ".driver", check);
        DeviceNames.pool(result.pool(), at + ".pool", check);
        check.name(result.device(), at + ".device", Names.dnsLabel(result.device()));
        DeviceRules.binding(result.bindingConditions(), result.bindingFailureConditions(), at, check);
        if (result.hasShareID()) share(result.shareID(), at + ".shareID");
    }

    private void configuration(DeviceAllocationConfiguration configuration, Set<String> names, String at) {
        if (check.required(configuration.source(), at + ".source") && !SOURCES.contains(configuration.source()))
            check.notSupported(at + ".source", configuration.source(), SOURCES);
        DeviceRules.references(configuration.requests(), names, at + ".requests", check);
        DeviceRules.opaque(configuration.opaque(), at + ".opaque", check);
    }

    private void share(String share, String at) {
        var wrong = new ArrayList<String>();
        if (!List.of(32, 36, 38, 45).contains(share.length()))
            wrong.add("error validating uid: invalid UUID length: " + share.length());
        else if (share.length() == 36 && !UUID.matcher(share).matches())
            wrong.add("error validating uid: invalid UUID format");
        else if (share.length() != 36 || !share.equals(share.toLowerCase(Locale.ROOT)))
            wrong.add("uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase"
                    + " hexadecimal characters");
        check.name(share, at, wrong);
    }
}
