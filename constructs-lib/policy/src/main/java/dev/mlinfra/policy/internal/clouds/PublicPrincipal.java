package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/** Data and services are for those who are named. */
final class PublicPrincipal implements Rule {
  private static final String FIX = "name who needs it";
  private static final String PROBLEM = "lets in everybody in the world";

  @Override
  public String id() {
    return "mlinfra::clouds.public-principal";
  }

  @Override
  public String requirement() {
    return "Nothing is granted to everybody, with or without an account.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Grant grant : Grants.of(inspection)) {
      for (Value member : grant.members()) {
        named(member, grant.resource(), grant.membersAt(), outcomes);
      }
    }
    accessLists(inspection, outcomes);
    bigQuery(inspection, outcomes);
    azure(inspection, outcomes);
  }

  private static void named(Value who, Resource resource, String at, Outcomes.Of outcomes) {
    outcomes.decided(
        Decide.text(who, it -> !it.endsWith("allUsers") && !it.endsWith("allAuthenticatedUsers")),
        resource,
        at,
        who,
        PROBLEM,
        FIX);
  }

  private static void accessLists(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource entry :
        CloudResources.of(
            inspection,
            "gcp:storage/bucketAccessControl:BucketAccessControl",
            "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
            "gcp:storage/objectAccessControl:ObjectAccessControl")) {
      named(inspection.property(entry, "entity"), entry, "entity", outcomes);
    }
    for (Resource list :
        CloudResources.of(
            inspection,
            "gcp:storage/bucketACL:BucketACL",
            "gcp:storage/defaultObjectACL:DefaultObjectACL",
            "gcp:storage/objectACL:ObjectACL")) {
      Value canned = inspection.property(list, "predefinedAcl");
      outcomes.decided(
          Decide.absentOr(
              canned, it -> !it.startsWith("public") && !it.startsWith("authenticated")),
          list,
          "predefinedAcl",
          canned,
          PROBLEM,
          FIX);
      for (Value entry : Decide.items(inspection.property(list, "roleEntities"))) {
        named(entry, list, "roleEntities", outcomes);
      }
    }
  }

  private static void bigQuery(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource access :
        CloudResources.of(inspection, "gcp:bigquery/datasetAccess:DatasetAccess")) {
      dataset(access, inspection.properties(access), "", outcomes);
    }
    for (Resource dataset : CloudResources.of(inspection, "gcp:bigquery/dataset:Dataset")) {
      List<Value> entries = inspection.property(dataset, "accesses").asList();
      for (int i = 0; i < entries.size(); i++) {
        dataset(dataset, entries.get(i), "accesses[" + i + "].", outcomes);
      }
    }
  }

  private static void dataset(Resource resource, Value entry, String at, Outcomes.Of outcomes) {
    for (String who : List.of("specialGroup", "iamMember")) {
      if (!Decide.isAbsent(entry.entry(who))) {
        named(entry.entry(who), resource, at + who, outcomes);
      }
    }
  }

  private static void azure(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource account : CloudResources.of(inspection, "azure-native:storage:StorageAccount")) {
      Value given = inspection.property(account, "allowBlobPublicAccess");
      if (Decide.isAbsent(given)) {
        outcomes.undecided(
            account,
            "allowBlobPublicAccess",
            given,
            "whether containers may be public depends on the version of Azure's API",
            "set it to false");
      } else {
        isOff(given, account, "allowBlobPublicAccess", outcomes);
      }
    }
    for (Resource account : CloudResources.of(inspection, "azure:storage/account:Account")) {
      String path = "allowNestedItemsToBePublic";
      isOff(inspection.property(account, path), account, path, outcomes);
    }
    for (Resource container :
        CloudResources.of(
            inspection,
            "azure-native:storage:BlobContainer",
            "azure:storage/container:Container")) {
      String path =
          container.type().endsWith("BlobContainer") ? "publicAccess" : "containerAccessType";
      Value given = inspection.property(container, path);
      outcomes.decided(
          Decide.absentOr(given, Set.of("None", "private")::contains),
          container,
          path,
          given,
          PROBLEM,
          "take it out");
    }
  }

  private static void isOff(Value given, Resource resource, String at, Outcomes.Of outcomes) {
    outcomes.decided(
        Decide.oneOf(given, "false"),
        resource,
        at,
        given,
        "lets somebody make a container public",
        "set it to false");
  }
}
