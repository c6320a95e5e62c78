import { SERVICE_DEPLOYED_MEMBERS, SERVICE_READ_ONLY, TASK_DEFINITION_READ_ONLY } from "../model/api_members.ts";
import { FREE_MEMBERS, PLAIN_MEMBERS, PLAIN_VALUES } from "./exposure.ts";

// Words of six letters and more that the program itself writes again and again: in its log, as keys and kinds of its
// JSON, and in AWS's definitions. Members that are listed elsewhere are left out.
const WRITTEN_WORDS = `
  accepted accessdeniedexception accesslogconfiguration accesspointarn accesstypes action actions active
  advancedconfiguration advice afterfrom afterto afterwards alarms allbut allows allplanned already amazon amazonaws annotations
  another answer anybody anyway application appmesh assume assumed attestationpolicy attribute attributes
  authorizationconfig authorized autoprovision autoscaling awaitdeployment awaitinghooks awsfirelens awslogs awsvpc
  awsvpcconfiguration bakestarted baking balancer because before beforefrom beforeto belong between binpack blocking
  bodies boolean breaker bridge canary canarybaketimeinminutes canaryconfiguration canarypercent cannot cannotpin
  cannotpullcontainererror cannotsay capabilities capacity capacityproviderstrategy carried causes change changed
  changes changing characters checked choice choices choose chosen circuit clientaliases clienttoken cloudformation
  clusters colour column compared complete completed completedat computeddesiredcount config configuration configuredatlaunch
  confirmed container containerconfigurations containerdefinitions containerlog containers continue copyincomplete
  counts crashing create createservice creating credentials credentialspecs current daemon database decide decrypt
  default defaults defect deferred definition definitions delete deleted deleting denied dependents dependson deploy
  deployed deployedat deployedearlier deploying deployment deploymentcircuitbreaker deploymentconfiguration
  deploymentcontroller deploys deregister deregistered deregistering deregistrationdelay describe describeservices
  desired detached detail devicename devices devicetype didnothelp digest dimension disabled disablenetworking
  discoveryarn distinctinstance dockervolumeconfiguration domain driver duration during dynamicscalinginsuspended
  dynamicscalingoutsuspended earlysuccesscriteria ecspresso effect efsvolumeconfiguration enable enabled
  enableecsmanagedtags enableexecutecommand enablefaultinjection encrypted envfile ephemeralstorage everything examples
  execution exists exitcode exited external externalid extvar failafter failed failedtasks failing failure failureevents
  failures fargate fargateephemeralstorage fastest filesystem filesystemarn filters finished firelensconfiguration
  fluentbit fluentd follow following follows forcenewdeployment format fsxwindowsfileservervolumeconfiguration
  gatewayconnectors github givenup global goesbackalready grpccode hadended happened hassuspensionchanged havewaitschanged header health
  healthcheck healthcheckintervalseconds healthcheckpath healthcheckport healthcheckprotocol healthcheckseconds
  healthchecktimeoutseconds healthy healthypercent healthythresholdcount helped hidden history holdseconds hostpath
  httpcode identity idletimeoutseconds ignoredexitcodes imagepull images inactive include includequeryparameters
  inferenceaccelerator inferenceaccelerators initprocessenabled intent interactive internal interrupted invalid
  ipaddress isautomaticrollback isdryrun isinplace isofplatform isolationmode isreached isrolledback issuercertificateauthority
  iswritten itself journald jsonnet killed latest leftovers leftto lifecycle lifecyclehooks lifecyclestage linear
  linearconfiguration linuxparameters listservicedeployments literal loadbalancers logconfiguration logged loggroup
  loglevel longer looked lookedagain looking madeat managedebsvolume manager matcher maxcomputepercent maxswap memberof
  memlock memorymib memoryof message metricconfigurations metricnames metrics minute minutes missing monitoring mountoptions
  mountpoints msgqueue network networkconfiguration neurondevice newest nofile notbegun notdeleted notderegistered
  notfromaws nothing nothingbefore notice notices notundone number nvidiamps object onfailure option ordered otherfailed
  otherrefused others outage outcome outofmemory output outputs overtaken parallel parameter pattern pending
  pendingtaskcount percent perform period permissions perrequesttimeoutseconds pinnedto pipeline placement
  placementconstraints placementstrategy planfile planned platform please policy portmappings position preflight
  previous primary private privileged problem profile program progress progressing proxyconfiguration pseudoterminal public
  pulled pushed random reached readback readonlyrootfilesystem reason record recordwaits refuse refused refuses region register registercopy
  registered registering registers registry rejected release remove removed render repeat repeatable repeatedby replace
  replaced replaces replica report repository repositorycredentials request requestedtaskcount requests reregister
  resetonhealthytask resolutionseconds resolve resource resourceid resourceinitialization resourceinitializationerror
  resourcenotfoundexception resourcetype restartattemptperiod restartpolicy restore restored restores restorescaling restoring restorewaits result
  results resume retrieve return returns revisions rollback rollbackdecided rolled rolledbackbyecs rolling rollout
  rolloutended rolloutstate rolloutstatereason rtprio rttime running runningtaskcount runtimeplatform scalable scaling
  scalingrestored scheduled scheduledscalingsuspended seconds secret secretoptions secrets secretsmanager separated
  served server service serviceconnectresources servicedeployment serviceregistries services servicetagged setcapacity
  setting settings shared sharedfailures sharedmemorysize sharingstrategy shifted sighup sigpending sigquit sigterm skipped skipsrefused
  somebody something sourceservicerevisioncleanup specified splunk spread stabilitystatus stabilitystatusat stabilizing
  stable staleplan started startedby starting starts statement statusreason stderr stdout steady stepbaketimeinminutes
  steppercent stepstarted stopdeployment stopped stoppedreason stopping stopsignal stream string subject submitted
  subnet succeeded success successful successfully summary superseded suspend suspended suspending suspendscaling
  swappiness syslog systems tagservice tagspecifications taking target targetgroup targetgroups targetid targettype
  taskarn taskarns taskdef tasksetarn taskskeepfailing templates terminal testtrafficrules tfstate
  thresholdconfiguration throttled timedout timelimit timeoutconfiguration timeoutinminutes timeoutseconds traffic
  trouble trustedexecutionconfiguration trying turned ulimits unable unchanged underway undodecided undone unforeseen
  unhealthy unhealthyhosts unhealthythresholdcount unknown unless unproven unreachable unreadableanswer unstarted
  unsupported untrusted update updatedat updateservice updating values variable variables verbose verdict verify
  verifying version versionconsistency volume volumeinitializationrate volumes volumesfrom waiting waitsrestored warning wasfailing
  watching whether within withinms without written
`;

let ownWords: ReadonlySet<string> | undefined;

/** Made when first needed: `--help` hides nothing. */
const findOwnWords = (): ReadonlySet<string> =>
  new Set([
    ...WRITTEN_WORDS.trim().split(/\s+/),
    ...[...PLAIN_MEMBERS, ...PLAIN_VALUES, ...FREE_MEMBERS].map((name) => name.toLowerCase()),
    ...[...TASK_DEFINITION_READ_ONLY, ...SERVICE_READ_ONLY, ...SERVICE_DEPLOYED_MEMBERS].map((name) =>
      name.toLowerCase()
    ),
  ]);

/**
 * Whether the program writes this word itself. A value that is just this word (`MODE=rollback`) is not searched for in
 * what is written: the word does not give the value away, but hiding it everywhere would.
 */
export function isOwnWord(text: string): boolean {
  ownWords ??= findOwnWords();
  return ownWords.has(text.toLowerCase());
}
