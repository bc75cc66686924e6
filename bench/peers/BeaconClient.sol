// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";

contract BeaconClient is BeaconProxy {
    constructor(address beacon) BeaconProxy(beacon, "") {}
}
