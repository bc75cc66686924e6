// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// OpenZeppelin's timelock with a governor that alone proposes and cancels; anyone executes.
contract PeerTimelock is TimelockController {
    constructor(uint256 delay, address[] memory proposers, address[] memory executors)
        TimelockController(delay, proposers, executors, address(0))
    {}
}
