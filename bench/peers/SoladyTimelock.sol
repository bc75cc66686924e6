// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {Timelock} from "solady/src/accounts/Timelock.sol";

contract SoladyTimelock is Timelock {}
